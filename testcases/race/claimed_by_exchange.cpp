// SPDX-License-Identifier: MIT
// One side claims the slot by a compare-exchange, the other one does not ask whose it is.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: claimed_by_exchange.cpp:16:{{.*}}[data-race]
#include <atomic>
#include <thread>

static std::atomic<int> state;
static int payload;

static bool put(int v) {
  int expected = 0;
  if (!state.compare_exchange_strong(expected, 1))
    return false;
  payload = v;
  state.store(2);
  return true;
}
static bool take(int &v) {
  v = payload;
  payload = 0;
  return true;
}
static void produce() {
  for (int i = 1; i < 10;)
    i += put(i);
}
int main() {
  std::thread a(produce);
  int v = 0, sum = 0;
  for (int n = 1; n < 10;)
    if (take(v)) {
      sum += v;
      ++n;
    }
  a.join();
  return sum != 45;
}
