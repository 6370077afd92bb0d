// SPDX-License-Identifier: MIT
// One of them holds it exclusively.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>
#include <shared_mutex>

static std::shared_mutex gate;
static std::mutex a, b;
static int n;

void f() {
  std::shared_lock g(gate);
  std::lock_guard l(a);
  std::lock_guard k(b);
  ++n;
}

void h() {
  std::unique_lock g(gate);
  std::lock_guard k(b);
  std::lock_guard l(a);
  --n;
}

void reload() {
  std::unique_lock g(gate);
  n = 0;
}
