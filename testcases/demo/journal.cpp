// SPDX-License-Identifier: MIT
#include "journal.h"

#include "bank.h"

#include <utility>

void Journal::write(std::string line) {
  std::lock_guard<std::mutex> lock(mutex);
  page.push_back(std::move(line));
}

void Journal::turnPage(const Bank &bank) {
  std::lock_guard<std::mutex> lock(mutex);
  page.assign(1, "total: " + std::to_string(bank.total()));
}

std::size_t Journal::lines() const {
  std::lock_guard<std::mutex> lock(mutex);
  return page.size();
}
