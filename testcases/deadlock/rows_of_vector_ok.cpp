// SPDX-License-Identifier: MIT
// In the order of their indices.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
  if (i == j)
    return;
  if (j < i)
    std::swap(i, j);
  std::lock_guard<std::mutex> l(rows[i]->m);
  std::lock_guard<std::mutex> k(rows[j]->m);
  std::swap(rows[i]->v, rows[j]->v);
}
