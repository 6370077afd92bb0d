// SPDX-License-Identifier: MIT
// It has been taken.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>

static std::mutex m;
static int n;

void bump() {
  m.lock();
  std::lock_guard<std::mutex> l(m, std::adopt_lock);
  ++n;
}
