// SPDX-License-Identifier: MIT
// A thread's lambda locks what it captured in each round of a loop; main takes the two the other way round.
// RUN: not %gordian check %s -- -std=c++20 2>&1 | %FileCheck %s
// CHECK: error: `main()::in` and `main()::out` are acquired in opposite orders by `main::lambda` and `main`{{.*}} [lock-order-inversion]
// CHECK-NOT: data-race
#include <mutex>
#include <thread>

int main() {
  std::mutex in, out;
  int moved = 0;
  std::thread t([&] {
    for (int i = 0; i < 10; ++i) {
      std::lock_guard<std::mutex> a(in);
      std::lock_guard<std::mutex> b(out);
      ++moved;
    }
  });
  for (int i = 0; i < 10; ++i) {
    std::lock_guard<std::mutex> b(out);
    std::lock_guard<std::mutex> a(in);
    --moved;
  }
  t.join();
  return moved;
}
