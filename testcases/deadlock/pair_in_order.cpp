// SPDX-License-Identifier: MIT
// Two objects come back in a pair in the order of the arguments.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: pair_in_order.cpp:22:{{.*}}[lock-order-inversion]
#include <functional>
#include <mutex>
#include <utility>

struct Cell {
  std::mutex m;
  int value = 0;
};
static std::pair<Cell *, Cell *> ordered(Cell *a, Cell *b) {
  return std::make_pair(a, b);
}
void exchange(Cell &a, Cell &b) {
  if (&a == &b)
    return;
  auto [first, second] = ordered(&a, &b);
  std::lock_guard<std::mutex> l(first->m);
  std::lock_guard<std::mutex> k(second->m);
  std::swap(a.value, b.value);
}
