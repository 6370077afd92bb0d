// SPDX-License-Identifier: MIT
// The two are swapped into an order first.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
  if (std::less<Account *>()(b, a))
    std::swap(a, b);
  std::lock_guard<std::mutex> l(a->m);
  std::lock_guard<std::mutex> k(b->m);
  from.money -= n;
  to.money += n;
}
