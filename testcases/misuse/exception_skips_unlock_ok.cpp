// SPDX-License-Identifier: MIT
// The exception is caught before the unlock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>
#include <stdexcept>

static std::mutex m;

static int check(int v) {
  if (v < 0)
    throw std::invalid_argument("negative");
  return v * 2;
}

int parse(int v) {
  m.lock();
  int r = 0;
  try {
    r = check(v);
  } catch (const std::invalid_argument &) {
    r = -1;
  }
  m.unlock();
  return r;
}
