// SPDX-License-Identifier: MIT
// A folly::SharedMutex is upgraded by hand.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
namespace folly {
class SharedMutex {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
} // namespace folly

static folly::SharedMutex m;
static int n;

void fill() {
  m.lock_shared(); // CHECK-DAG: folly_locks.cpp:[[@LINE]]:
  int v = n;
  m.lock(); // CHECK-DAG: folly_locks.cpp:[[@LINE]]:
  n = v + 1;
  m.unlock();
  m.unlock_shared();
}
