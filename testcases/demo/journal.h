// SPDX-License-Identifier: MIT
//
// The journal of the demo's bank.
#ifndef DEMO_JOURNAL_H
#define DEMO_JOURNAL_H

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

class Bank;

class Journal {
public:
  void write(std::string line);

  /// Starts a new page, headed by the bank's total: Journal::mutex, then Bank::mutex.
  void turnPage(const Bank &bank);

  std::size_t lines() const;

private:
  mutable std::mutex mutex;
  std::vector<std::string> page;
};

#endif
