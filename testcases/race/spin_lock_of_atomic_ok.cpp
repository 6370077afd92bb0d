// SPDX-License-Identifier: MIT
// A spin lock made of an atomic flag guards the counter: nobody is told of a race.
// RUN: %gordian check %s -- -std=c++20
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

static void work() {
  for (int i = 0; i < 100; ++i) {
    spin.lock();
    ++rounds;
    ++hits;
    spin.unlock();
  }
}

int main() {
  std::thread a(work), b(work);
  a.join();
  b.join();
  return hits != rounds;
}
