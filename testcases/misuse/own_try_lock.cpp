// SPDX-License-Identifier: MIT
// A lock class with a try_lock of its own, given back by hand and by its guard.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [release-without-acquire]
#include <mutex>
class Counting {
public:
  bool try_lock() {
    if (!mutex.try_lock())
      return false;
    ++taken;
    return true;
  }
  void lock() {
    mutex.lock();
    ++taken;
  }
  void unlock() { mutex.unlock(); }

private:
  std::mutex mutex;
  long taken = 0;
};
static Counting guard;
static int value;
bool next(int &out) {
  std::unique_lock<Counting> g(guard, std::try_to_lock);
  if (!g)
    return false;
  out = ++value;
  guard.unlock();
  return true;
}
