// SPDX-License-Identifier: MIT
// REQUIRES: analyzer
// RUN: %sync_cxx %s %sync_lib -o %t
// RUN: timeout 30 %gordian run --format text -o %t.txt -- %t; test $? -eq 66
// RUN: %FileCheck %s < %t.txt
//
// Two threads that do block each other, one of them inside Condition::wait's re-acquisition.
// CHECK: error: {{.*}}[deadlock]
#include "gordian/sync.h"

static gordian::Lock queue{"queue"}, log{"log"};
static gordian::Condition changed(queue);

int main() {
  gordian::Event waiting, holding;
  gordian::Thread waiter([&] {
    queue.acquire();
    log.acquire();
    waiting.set();
    changed.wait();
    // CHECK-DAG: deadlock.cpp:[[@LINE-1]]
    log.release();
    queue.release();
  });
  waiter.start();
  waiting.wait();
  queue.acquire();
  changed.notify();
  log.acquire(); // which the waiter holds, and the waiter waits for the queue's lock
  // CHECK-DAG: deadlock.cpp:[[@LINE-1]]
  log.release();
  queue.release();
  waiter.join();
}
