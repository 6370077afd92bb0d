// SPDX-License-Identifier: MIT
// exit() is called inside the critical section: the process ends there, and nobody waits for the lock any more.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 3
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <cstdlib>
#include <mutex>

static std::mutex settings;
static int limit = 10;

static void __attribute__((noinline)) die() { std::exit(3); }

static void __attribute__((noinline)) setLimit(const char *text) {
  settings.lock();
  int value = std::atoi(text);
  if (value <= 0)
    die();
  limit = value;
  settings.unlock();
}

int main() {
  setLimit("25");
  setLimit("none");
}
