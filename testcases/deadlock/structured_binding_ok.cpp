// SPDX-License-Identifier: MIT
// The names are those of the other members.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

struct Locks {
  std::mutex in, out;
};
static Locks locks;
static int n;

void f() {
  auto &[i, o] = locks;
  std::lock_guard l(i);
  std::lock_guard k(o);
  ++n;
}

void g() {
  auto &[o, i] = locks;
  std::lock_guard l(o);
  std::lock_guard k(i);
  ++n;
}
