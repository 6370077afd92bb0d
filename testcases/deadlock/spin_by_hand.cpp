// SPDX-License-Identifier: MIT
// Spin locks made by hand of an atomic are locks: known by the loop that sets it and by who writes zero.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <atomic>
#include <mutex>

class Spin {
public:
  void lock() {
    while (flag.test_and_set(std::memory_order_acquire))
      while (flag.test())
        ;
  }
  void unlock() { flag.clear(std::memory_order_release); }

private:
  std::atomic_flag flag;
};

static std::atomic<int> busy{0};
static Spin counters;
static std::mutex table;
static int hits, rows;

static void enter() {
  for (;;) {
    bool was = busy.exchange(1);
    if (!was)
      break;
  }
}
static void leave() {
  busy.store(0);
}

void hit() {
  std::lock_guard<Spin> l(counters);
  std::lock_guard<std::mutex> t(table); // CHECK-DAG: by_hand.cpp:[[@LINE]]:{{.*}}asks for table
  ++hits;
}

void resize() { // CHECK-DAG: -inversion]
  std::lock_guard<std::mutex> t(table);
  std::lock_guard<Spin> l(counters);
  rows = hits;
}

static int count() {
  enter(); // CHECK-DAG: by_hand.cpp:[[@LINE]]:{{.*}}-reacquire]
  int n = rows;
  leave();
  return n;
}

int both() {
  enter();
  int n = count();
  leave();
  return n;
}

// CHECK-DAG: [lock-leak]
int kept(int n) {
  enter();
  if (n < 0)
    return -1; // CHECK-DAG: by_hand.cpp:[[@LINE]]:{{.*}}leaves with busy held
  rows = n;
  leave();
  return 0;
}
