// SPDX-License-Identifier: MIT
// Nobody looks at the result of the try whose lock is adopted.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <mutex>

class Log {
public:
  void add(int n) {
    m.try_lock();
    std::lock_guard<std::mutex> l(m, std::adopt_lock); // CHECK: try_lock_adopted.cpp:[[@LINE]]:
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
