// SPDX-License-Identifier: MIT
// What release() returns is unlocked.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

static std::mutex m;
static int n;

void open() {
  std::unique_lock<std::mutex> l(m);
  ++n;
  l.release()->unlock();
}

void close() {
  std::lock_guard<std::mutex> l(m);
  --n;
}
