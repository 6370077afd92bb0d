// SPDX-License-Identifier: MIT
// A guard is moved into a helper that takes the second lock with it.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: guard_given_away.cpp:25:{{.*}}[lock-order-inversion]
#include <mutex>
#include <utility>

class Buffer {
public:
  void push() {
    std::unique_lock<std::mutex> f(front);
    if (++n >= 64)
      rotate(std::move(f));
  }
  void drain() {
    std::lock_guard<std::mutex> b(back);
    std::lock_guard<std::mutex> f(front);
    n = 0;
  }

private:
  void rotate(std::unique_lock<std::mutex> held) {
    n = 0;
    std::lock_guard<std::mutex> b(back);
    ++k;
  }
  std::mutex front, back;
  int n = 0, k = 0;
};
void use(Buffer &b) {
  b.push();
  b.drain();
}
