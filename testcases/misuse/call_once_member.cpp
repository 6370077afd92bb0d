// SPDX-License-Identifier: MIT
// call_once runs its function here, under the lock that the function takes.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>

class Lazy {
public:
  int get() {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: call_once_member.cpp:[[@LINE]]:
    std::call_once(once, &Lazy::load, this);
    return value;
  }

private:
  void load() {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: call_once_member.cpp:[[@LINE]]:
    value = 7;
  }
  std::mutex m;
  std::once_flag once;
  int value = 0;
};

Lazy lazy;
int get() { return lazy.get(); }
