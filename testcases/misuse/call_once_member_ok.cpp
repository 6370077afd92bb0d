// SPDX-License-Identifier: MIT
// call_once comes before the lock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

class Lazy {
public:
  int get() {
    std::call_once(once, &Lazy::load, this);
    std::lock_guard<std::mutex> l(m);
    return value;
  }

private:
  void load() {
    std::lock_guard<std::mutex> l(m);
    value = 7;
  }
  std::mutex m;
  std::once_flag once;
  int value = 0;
};

Lazy lazy;
int get() { return lazy.get(); }
