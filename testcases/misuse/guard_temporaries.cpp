// SPDX-License-Identifier: MIT
// Two guard temporaries of one object live in one full expression.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>

template <class T>
class Synchronized {
public:
  class Pointer {
  public:
    explicit Pointer(Synchronized *s) : owner(s) { owner->m.lock(); }
    Pointer(const Pointer &) = delete;
    ~Pointer() { owner->m.unlock(); }
    T *operator->() { return &owner->value; }

  private:
    Synchronized *owner;
  };
  Pointer lock() { return Pointer(this); }

private:
  std::mutex m;
  T value{};
};

struct Counts {
  int a = 0, b = 0;
};
Synchronized<Counts> counts;

int sum() {
  return counts.lock()->a + counts.lock()->b; // CHECK-DAG: guard_temporaries.cpp:[[@LINE]]:
}
