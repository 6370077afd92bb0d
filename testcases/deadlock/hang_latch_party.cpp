// SPDX-License-Identifier: MIT
// A latch of two gets one party, while the main thread sleeps on it: its word changes, and nobody is woken.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK-DAG: [deadlock]
#include <cstring>
#include <fstream>
#include <latch>
#include <string>
#include <thread>

static std::latch ready(2);

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
  ready.wait(); // CHECK-DAG: hang_latch_party.cpp:[[@LINE]]
  party.join();
}
