// SPDX-License-Identifier: MIT
// Locks made by hand in one order; a gate that another thread opens and a claim that is never given back.
// RUN: %gordian check %s -- -std=c++20
#include <atomic>
#include <mutex>
#include <thread>

class Spin {
public:
  void lock() {
    bool expected = false;
    while (!locked.compare_exchange_weak(expected, true))
      expected = false;
  }
  bool try_lock() { return !locked.exchange(true); }
  void unlock() { locked.store(false); }

private:
  std::atomic<bool> locked{false};
};

static Spin counters, spare;
static std::mutex table;
static int hits, rows, value;
static std::atomic<bool> gate{true};

static void hit() {
  std::lock_guard<Spin> l(counters);
  std::lock_guard<std::mutex> t(table);
  ++hits;
}

static void resize() {
  std::lock_guard<Spin> l(counters);
  std::lock_guard<std::mutex> t(table);
  rows = hits;
  if (spare.try_lock())
    spare.unlock();
}

static void waitAtGate() {
  while (gate.exchange(true))
    std::this_thread::yield();
}

static void openGate() {
  gate.store(false);
}

int main() {
  std::thread a(hit), b(resize), c([] {
    waitAtGate();
    value++;
  });
  value = 1;
  openGate();
  a.join();
  b.join();
  c.join();
  return value;
}
