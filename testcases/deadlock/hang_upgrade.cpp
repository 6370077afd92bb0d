// SPDX-License-Identifier: MIT
// Two readers ask for the write side without letting go of the read side.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <barrier>
#include <shared_mutex>
#include <thread>

static std::shared_mutex cache;
static std::barrier<> both(2);

static void refresh() {
  cache.lock_shared();
  both.arrive_and_wait();
  cache.lock(); // CHECK-DAG: hang_upgrade.cpp:[[@LINE]]
  cache.unlock();
  cache.unlock_shared();
}

int main() {
  std::thread a(refresh), b(refresh);
  a.join();
  b.join();
}
// CHECK-DAG: [deadlock]
