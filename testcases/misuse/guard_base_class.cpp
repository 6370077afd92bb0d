// SPDX-License-Identifier: MIT
// The guard's base class does the work, the mutex stands in a base class.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>

class BaseGuard {
protected:
  explicit BaseGuard(std::mutex &m) : mutex(m) { mutex.lock(); }
  ~BaseGuard() { mutex.unlock(); }

private:
  std::mutex &mutex;
};

class Guard : BaseGuard {
public:
  explicit Guard(std::mutex &m) : BaseGuard(m) {}
};

class Lockable {
public:
  void put(int k) {
    Guard g(m); // CHECK-DAG: guard_base_class.cpp:[[@LINE]]:
    n += k;
  }

protected:
  std::mutex m;
  int n = 0;
};

class Box : public Lockable {
public:
  void fill() {
    Guard g(m); // CHECK-DAG: guard_base_class.cpp:[[@LINE]]:
    put(1);
  }
};

Box box;
void fill() { box.fill(); }
