// SPDX-License-Identifier: MIT
// The two are locked as they come.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <functional>
#include <mutex>
#include <utility>

struct Account {
  std::mutex m;
  int money = 0;
};

void transfer(Account &from, Account &to, int n) {
  if (&from == &to)
    return;
  Account *a = &from, *b = &to;
  std::lock_guard<std::mutex> l(a->m);
  std::lock_guard<std::mutex> k(b->m); // CHECK-DAG: ordered_by_swap.cpp:[[@LINE]]:
  from.money -= n;
  to.money += n;
}
