// SPDX-License-Identifier: MIT
// The lock is re-entrant and the function is called from here only: it only enters once more.
// RUN: %gordian check %s -- -std=c++20 | %FileCheck %s
// CHECK: no findings
#include <mutex>
static std::recursive_mutex table;
static std::mutex ids;
static int rows, id;
static int nextId() {
  std::lock_guard<std::mutex> i(ids);
  if (id > 1000) {
    std::lock_guard<std::recursive_mutex> t(table);
    rows = 0;
  }
  return ++id;
}
int insert() {
  std::lock_guard<std::recursive_mutex> t(table);
  rows = nextId();
  return rows;
}
