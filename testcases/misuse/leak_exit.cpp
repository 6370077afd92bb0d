// SPDX-License-Identifier: MIT
// A function returns early with its lock held; the program ends that way.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <cstdlib>
#include <mutex>

static std::mutex settings;
static int limit = 10;

static bool __attribute__((noinline)) setLimit(const char *text) {
  settings.lock(); // CHECK: leak_exit.cpp:[[@LINE]]:{{.*}}warning: `settings` is still held when the process ends{{.*}}[lock-leak]
  int value = std::atoi(text);
  if (value <= 0)
    return false;
  limit = value;
  settings.unlock();
  return true;
}

int main() {
  setLimit("25");
  setLimit("none");
}
