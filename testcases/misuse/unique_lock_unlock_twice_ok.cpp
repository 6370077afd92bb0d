// SPDX-License-Identifier: MIT
// owns_lock() is asked first.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

static std::mutex m;
static int n;

void f(bool early) {
  std::unique_lock<std::mutex> l(m);
  ++n;
  if (early)
    l.unlock();
  if (l.owns_lock())
    l.unlock();
}
