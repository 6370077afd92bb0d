// SPDX-License-Identifier: MIT
// The lower of two objects is locked last here, and first there.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: two instances of `Wallet::m` {{.*}}[lock-order-inversion]
#include <algorithm>
#include <mutex>
struct Wallet {
  int id;
  std::mutex m;
  long coins;
};
void pay(Wallet &from, Wallet &to) {
  auto [first, second] = std::minmax(&from, &to, [](Wallet *a, Wallet *b) { return a->id < b->id; });
  std::lock_guard one(first->m);
  std::lock_guard two(second->m);
  --from.coins;
  ++to.coins;
}
void audit(Wallet &a, Wallet &b) {
  auto [first, second] = std::minmax(&a, &b, [](Wallet *x, Wallet *y) { return x->id < y->id; });
  std::lock_guard two(second->m);
  std::lock_guard one(first->m);
  ++a.coins;
}
