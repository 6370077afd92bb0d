// SPDX-License-Identifier: MIT
// The guard that took over has ended.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>
#include <utility>

static std::mutex m;
static int n;

void f() {
  std::unique_lock<std::mutex> l(m);
  {
    std::unique_lock<std::mutex> k = std::move(l);
    ++n;
  }
  l = std::unique_lock<std::mutex>(m);
  ++n;
}
