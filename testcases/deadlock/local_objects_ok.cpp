// SPDX-License-Identifier: MIT
// Two local objects that nobody else sees.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>
#include <thread>

struct Box {
  std::mutex m;
  int v = 0;
};

int f() {
  Box a, b;
  {
    std::lock_guard<std::mutex> l(a.m);
    std::lock_guard<std::mutex> k(b.m);
    a.v = 1;
  }
  {
    std::lock_guard<std::mutex> k(b.m);
    std::lock_guard<std::mutex> l(a.m);
    b.v = a.v;
  }
  return b.v;
}
