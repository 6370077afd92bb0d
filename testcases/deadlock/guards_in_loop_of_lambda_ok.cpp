// SPDX-License-Identifier: MIT
// A thread's lambda locks what it captured in each round of a loop; main takes the two in the same order.
// RUN: %gordian check %s -- -std=c++20
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
    std::lock_guard<std::mutex> a(in);
    std::lock_guard<std::mutex> b(out);
    --moved;
  }
  t.join();
  return moved;
}
