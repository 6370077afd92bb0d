// SPDX-License-Identifier: MIT
// Who wins the compare-exchange owns the payload until the next state is stored.
// RUN: %gordian check %s -- -std=c++20
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
  int expected = 2;
  if (!state.compare_exchange_strong(expected, 1))
    return false;
  v = payload;
  payload = 0;
  state.store(0);
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
