// SPDX-License-Identifier: MIT
// The second thread is told of something else: the hand-off does not order the two.
// RUN: %cxx %s -I%S/Inputs -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include "opposite.h"
#include <condition_variable>

static std::mutex m;
static std::condition_variable cv;
static bool started;
void before_first() {
  std::lock_guard<std::mutex> g(m);
  started = true;
  cv.notify_one();
}
void after_first() {}
void before_second() {
  std::unique_lock<std::mutex> g(m);
  cv.wait(g, [] { return started; });
  g.unlock();
  pause_a_little();
}
void after_second() {}

int main() {
  std::thread b(second);
  pause_a_little();
  std::thread a(first);
  a.join();
  b.join();
}
