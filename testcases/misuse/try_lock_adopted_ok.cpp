// SPDX-License-Identifier: MIT
// The lock is adopted where the try succeeded.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>

class Log {
public:
  void add(int n) {
    if (!m.try_lock())
      return;
    std::lock_guard<std::mutex> l(m, std::adopt_lock);
    sum += n;
  }
  long get() {
    std::lock_guard<std::mutex> l(m);
    return sum;
  }

private:
  std::mutex m;
  long sum = 0;
};
