// SPDX-License-Identifier: MIT
// A guard of one's own, a template, with an unlock(): both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <mutex>

template <class M>
class Holder {
public:
  explicit Holder(M &m) : mutex(&m) { mutex->lock(); }
  ~Holder() { unlock(); }
  void unlock() {
    if (mutex) {
      mutex->unlock();
      mutex = nullptr;
    }
  }
  Holder(const Holder &) = delete;
  Holder &operator=(const Holder &) = delete;

private:
  M *mutex;
};

static std::mutex a, b;
static int n, k;

void f() {
  Holder<std::mutex> first(a);
  ++n;
  Holder<std::mutex> second(b); // CHECK-DAG: own_template_guard.cpp:[[@LINE]]:
  ++k;
}

void g() {
  Holder<std::mutex> first(b);
  ++k;
  Holder<std::mutex> second(a); // CHECK-DAG: own_template_guard.cpp:[[@LINE]]:
  ++n;
}
