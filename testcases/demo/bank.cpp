// SPDX-License-Identifier: MIT
#include "bank.h"

#include <numeric>

void Bank::transfer(int from, int to, int amount) {
  std::lock_guard<std::mutex> lock(mutex);
  balances[from] -= amount;
  balances[to] += amount;
  journal.write(std::to_string(from) + " -> " + std::to_string(to) + ": " + std::to_string(amount));
}

int Bank::total() const {
  std::lock_guard<std::mutex> lock(mutex);
  return std::accumulate(balances.begin(), balances.end(), 0);
}
