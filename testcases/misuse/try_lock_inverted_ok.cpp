// SPDX-License-Identifier: MIT
// The way out without the lock is the one where it failed.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

static std::mutex m;
static int n;

bool bump() {
  if (!m.try_lock())
    return false;
  ++n;
  m.unlock();
  return true;
}

void drop() {
  std::lock_guard<std::mutex> l(m);
  --n;
}
