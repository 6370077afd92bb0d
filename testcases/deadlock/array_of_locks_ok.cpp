// SPDX-License-Identifier: MIT
// One order.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <array>
#include <mutex>

enum Which { Input, Output, Count };
static std::array<std::mutex, Count> locks;
static int n;

void f() {
  std::lock_guard<std::mutex> l(locks[Input]);
  std::lock_guard<std::mutex> k(locks[Output]);
  ++n;
}

void g() {
  std::lock_guard<std::mutex> l(locks[Input]);
  std::lock_guard<std::mutex> k(locks[Output]);
  ++n;
}
