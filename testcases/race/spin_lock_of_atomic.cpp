// SPDX-License-Identifier: MIT
// A counter is changed behind the end of the section that a spin lock made of an atomic flag guards.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: spin_lock_of_atomic.cpp:24:{{.*}}[data-race]
#include <atomic>
#include <thread>

class Spin {
public:
  void lock() {
    while (flag.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() { flag.clear(std::memory_order_release); }

private:
  std::atomic_flag flag;
};
static Spin spin;
static long hits, rounds;

static void unguarded() {
  ++hits;
}
static void work() {
  for (int i = 0; i < 100; ++i) {
    spin.lock();
    ++rounds;
    spin.unlock();
    unguarded();
  }
}

int main() {
  std::thread a(work), b(work);
  a.join();
  b.join();
  return hits != rounds;
}
