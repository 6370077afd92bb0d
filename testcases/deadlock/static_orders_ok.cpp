// SPDX-License-Identifier: MIT
// The initialiser of a static variable takes the locks in one order, and everybody passes it before the other
// one. Who finds it initialised makes no call that could show it.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <mutex>
#include <thread>

static std::mutex a, b;
static volatile int used;

struct Setup {
  int base;
  Setup() {
    std::lock_guard<std::mutex> g(a);
    std::lock_guard<std::mutex> h(b);
    base = 7;
  }
};

static int base() {
  static Setup s;
  return s.base;
}

static void work(int after) {
  while (used < after)
    std::this_thread::yield();
  int v = base();
  std::lock_guard<std::mutex> g(b);
  std::lock_guard<std::mutex> h(a);
  used = used + v;
}

int main() {
  std::thread t(work, 0), u(work, 7);
  t.join();
  u.join();
}
