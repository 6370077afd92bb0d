// SPDX-License-Identifier: MIT
// A helper takes the second lock with the caller's first one held.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: helper_gives_back.cpp:25:{{.*}}[lock-order-inversion]
#include <mutex>

class Buffer {
public:
  void push() {
    front.lock();
    ++n;
    rotate();
    front.unlock();
  }
  void drain() {
    std::lock_guard<std::mutex> b(back);
    std::lock_guard<std::mutex> f(front);
    ++n;
  }

private:
  void rotate() {
    {
      std::lock_guard<std::mutex> b(back);
      ++k;
    }
  }
  std::mutex front, back;
  int n = 0, k = 0;
};
void use(Buffer &b) {
  b.push();
  b.drain();
}
