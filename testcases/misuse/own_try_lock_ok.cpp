// SPDX-License-Identifier: MIT
// A lock class with a try_lock of its own, taken through a guard that may own nothing.
// RUN: %gordian check %s -- -std=c++20
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
  return true;
}
