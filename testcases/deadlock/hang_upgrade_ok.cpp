// SPDX-License-Identifier: MIT
// Each lets go of the read side first.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <barrier>
#include <shared_mutex>
#include <thread>

static std::shared_mutex cache;
static std::barrier<> both(2);

static void refresh() {
  cache.lock_shared();
  both.arrive_and_wait();
  cache.unlock_shared();
  cache.lock();
  cache.unlock();
}

int main() {
  std::thread a(refresh), b(refresh);
  a.join();
  b.join();
}
