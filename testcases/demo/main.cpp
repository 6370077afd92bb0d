// SPDX-License-Identifier: MIT
//
// `bank` lets the clerk finish before the auditor comes, and ends well. `bank --rush` lets both work at once,
// over and over, until they meet.
#include "bank.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

int main(int argc, char **argv) {
  bool rush = argc > 1 && std::strcmp(argv[1], "--rush") == 0;
  int rounds = rush ? 10'000'000 : 3;
  Journal journal;
  Bank bank(journal, 4);

  std::thread clerk([&] {
    for (int i = 0; i < rounds; ++i)
      bank.transfer(i % 4, (i + 1) % 4, 5);
  });
  std::thread auditor([&] {
    if (!rush)
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    for (int i = 0; i < rounds; ++i)
      journal.turnPage(bank);
  });
  clerk.join();
  auditor.join();
  std::printf("%d in %zu lines\n", bank.total(), journal.lines());
}
