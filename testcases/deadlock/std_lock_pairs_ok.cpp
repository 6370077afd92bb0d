// SPDX-License-Identifier: MIT
// std::lock takes both.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

struct Account {
  std::mutex m;
  int money = 0;
};

void transfer(Account &from, Account &to, int n) {
  if (&from == &to)
    return;
  std::lock(from.m, to.m);
  std::lock_guard<std::mutex> f(from.m, std::adopt_lock);
  std::lock_guard<std::mutex> t(to.m, std::adopt_lock);
  from.money -= n;
  to.money += n;
}
