// SPDX-License-Identifier: MIT
// The lower of two objects, by their numbers, is locked first.
// RUN: %gordian check %s -- -std=c++20
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
