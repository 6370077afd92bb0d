// SPDX-License-Identifier: MIT
// The third lock is one of the scoped_lock's.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

static std::mutex a, b, c;
static int n;

void f() {
  std::scoped_lock k(c, a, b);
  ++n;
}

void g() {
  std::scoped_lock k(b, a);
  --n;
}
