// SPDX-License-Identifier: MIT
// The worker reads what main wrote before it counted the latch down, which the worker waits for.
// RUN: %gordian check %s -- -std=c++20
#include <latch>
#include <thread>

static int width;

static void worker(std::latch &go, int &seen) {
  go.wait();
  seen = width;
}
int main() {
  std::latch go(1);
  int seen = 0;
  std::thread t(worker, std::ref(go), std::ref(seen));
  width = 80;
  go.count_down();
  t.join();
  return seen != 80;
}
