// SPDX-License-Identifier: MIT
// A function takes the lock that its attribute requires of its callers.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
};

class Box {
public:
  void put() __attribute__((requires_capability(m)));
  void take() {
    m.lock();
    put();
    m.unlock();
  }

private:
  Mutex m;
  int n = 0;
};

void Box::put() {
  m.lock(); // CHECK-DAG: requires_capability.cpp:[[@LINE]]:
  ++n;
  m.unlock();
}
