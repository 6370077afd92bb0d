// SPDX-License-Identifier: MIT
// A helper gives the caller's lock back before it takes the second one.
// RUN: %gordian check %s -- -std=c++20
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
    front.unlock();
    {
      std::lock_guard<std::mutex> b(back);
      ++k;
    }
    front.lock();
  }
  std::mutex front, back;
  int n = 0, k = 0;
};
void use(Buffer &b) {
  b.push();
  b.drain();
}
