// SPDX-License-Identifier: MIT
// The bodies are elsewhere: the attributes alone say what locks.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
  bool tryLock() __attribute__((try_acquire_capability(true)));
};

class __attribute__((scoped_lockable)) MutexLock {
public:
  explicit MutexLock(Mutex &m) __attribute__((acquire_capability(m)));
  ~MutexLock() __attribute__((release_capability()));
};

static Mutex a, b;
static int n;

void f() {
  MutexLock l(a);
  MutexLock k(b); // CHECK-DAG: thread_safety_attributes.cpp:[[@LINE]]:
  ++n;
}

void g() {
  b.lock();
  a.lock(); // CHECK-DAG: thread_safety_attributes.cpp:[[@LINE]]:
  ++n;
  a.unlock();
  b.unlock();
}
