// SPDX-License-Identifier: MIT
// Locks behind unique_ptr and shared_ptr members.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <memory>
#include <mutex>

class Pair {
public:
  void f() {
    std::lock_guard<std::mutex> l(*a);
    std::lock_guard<std::mutex> k(*b); // CHECK-DAG: smart_pointers.cpp:[[@LINE]]:
    ++n;
  }
  void g() {
    std::unique_lock<std::mutex> k(*b.get());
    a->lock(); // CHECK-DAG: smart_pointers.cpp:[[@LINE]]:
    ++n;
    a->unlock();
  }

private:
  std::unique_ptr<std::mutex> a = std::make_unique<std::mutex>();
  std::shared_ptr<std::mutex> b = std::make_shared<std::mutex>();
  int n = 0;
};

Pair pair;
void f() { pair.f(); }
void g() { pair.g(); }
