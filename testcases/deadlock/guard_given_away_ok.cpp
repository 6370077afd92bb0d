// SPDX-License-Identifier: MIT
// A guard is moved into a helper that ends it before it takes the second lock.
// RUN: %gordian check %s -- -std=c++20
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
    held.unlock();
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
