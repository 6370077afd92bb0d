// SPDX-License-Identifier: MIT
// A latch of one gets its party, while the main thread sleeps on it.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <cstring>
#include <fstream>
#include <latch>
#include <string>
#include <thread>

static std::latch ready(1);

static bool mainSleeps() {
  std::string text;
  std::getline(std::ifstream("/proc/self/stat"), text); // of the main thread
  return text.find(") S ") != std::string::npos;
}

int main() {
  std::thread party([] {
    for (int seen = 0; seen < 100; std::this_thread::yield())
      seen = mainSleeps() ? seen + 1 : 0;
    ready.count_down();
  });
  ready.wait();
  party.join();
}
