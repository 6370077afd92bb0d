// SPDX-License-Identifier: MIT
// A guard in an optional or behind a unique_ptr still holds its lock where a callee asks for it.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <memory>
#include <mutex>
#include <optional>

static std::mutex first, second;
static int n, k;

static void noteFirst() {
  std::lock_guard<std::mutex> l(first); // CHECK-DAG: optional.cpp:[[@LINE]]:{{.*}}-reacquire]
  ++n;
}
static void noteSecond() {
  std::lock_guard<std::mutex> l(second); // CHECK-DAG: optional.cpp:[[@LINE]]:{{.*}}-reacquire]
  ++k;
}

void write() {
  std::optional<std::unique_lock<std::mutex>> g;
  g.emplace(first);
  noteFirst();
  g.reset();
}

void rotate() {
  auto g = std::make_unique<std::lock_guard<std::mutex>>(second);
  noteSecond();
}
