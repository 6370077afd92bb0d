// SPDX-License-Identifier: MIT
// The once flag made by hand: tested before the lock, a plain variable.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <mutex>
int probe();
static std::mutex m;
static int *table;
static void build() { table = new int[2]{probe(), probe()}; }
int look(int i) {
  if (!table) { // CHECK: once.cpp:[[#@LINE]]:{{.*}}double-checked
    std::lock_guard<std::mutex> l(m);
    if (!table)
      build();
  }
  return table[i];
}
