// SPDX-License-Identifier: MIT
// Two rows of a vector are locked as the arguments come.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

struct Row {
  std::mutex m;
  int v = 0;
};

static std::vector<std::unique_ptr<Row>> rows;

void exchange(std::size_t i, std::size_t j) {
  std::lock_guard<std::mutex> l(rows[i]->m);
  std::lock_guard<std::mutex> k(rows[j]->m); // CHECK-DAG: rows_of_vector.cpp:[[@LINE]]:
  std::swap(rows[i]->v, rows[j]->v);
}
