// SPDX-License-Identifier: MIT
// A local variable that a thread's lambda waits for is set with the mutex.
// RUN: %gordian check %s -- -std=c++20
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex m;
  std::condition_variable changed;
  bool go = false;
  std::thread t([&] {
    std::unique_lock<std::mutex> l(m);
    while (!go)
      changed.wait(l);
  });
  {
    std::lock_guard<std::mutex> l(m);
    go = true;
  }
  changed.notify_one();
  t.join();
}
