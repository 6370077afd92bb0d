// SPDX-License-Identifier: MIT
// The second thread waits until it is told that the first is done; it need not have waited to be ordered.
// RUN: %cxx %s -I%S/Inputs -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "opposite.h"
#include <condition_variable>

static std::mutex m;
static std::condition_variable cv;
static bool done;
void before_first() {}
void after_first() {
  std::lock_guard<std::mutex> g(m);
  done = true;
  cv.notify_one();
}
void before_second() {
  std::unique_lock<std::mutex> g(m);
  cv.wait(g, [] { return done; });
}
void after_second() {}

int main() {
  for (int round = 0; round < 2; round++) {
    done = false;
    std::thread a(first);
    if (round == 0)
      pause_a_little(); // late: it finds the flag set and never waits
    std::thread b(second);
    a.join();
    b.join();
  }
}
