// SPDX-License-Identifier: MIT
//
// The example of `./dev demo`: a bank that journals its transfers. Two classes, one mutex each, in two files,
// and each calls the other while it holds its own: neither file looks wrong alone.
#ifndef DEMO_BANK_H
#define DEMO_BANK_H

#include "journal.h"

#include <mutex>
#include <vector>

class Bank {
public:
  Bank(Journal &journal, int accounts) : journal(journal), balances(accounts, 100) {}

  /// Moves money and writes it down: Bank::mutex, then Journal::mutex.
  void transfer(int from, int to, int amount);

  /// All the money there is.
  int total() const;

private:
  Journal &journal;
  mutable std::mutex mutex;
  std::vector<int> balances;
};

#endif
