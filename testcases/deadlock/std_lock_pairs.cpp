// SPDX-License-Identifier: MIT
// Two accounts, each transfer locks the payer first.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <mutex>

struct Account {
  std::mutex m;
  int money = 0;
};

void transfer(Account &from, Account &to, int n) {
  if (&from == &to)
    return;
  std::lock_guard<std::mutex> f(from.m);
  std::lock_guard<std::mutex> t(to.m); // CHECK-DAG: std_lock_pairs.cpp:[[@LINE]]:
  from.money -= n;
  to.money += n;
}
