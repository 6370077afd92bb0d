// SPDX-License-Identifier: MIT
// The old thread is replaced before the lock is taken, or is known to be none.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
#include <stop_token>
#include <thread>

class Scanner {
public:
  void scan(int n) {
    std::unique_lock<std::mutex> l(m);
    if (worker.joinable()) {
      l.unlock();
      worker = std::jthread();
      l.lock();
    }
    found = 0;
    if (!worker.joinable())
      worker = std::jthread([this, n](std::stop_token s) { walk(s, n); });
  }

private:
  void walk(std::stop_token stop, int n) {
    while (n-- > 0 && !stop.stop_requested()) {
      std::lock_guard<std::mutex> l(m);
      ++found;
    }
  }
  std::mutex m;
  int found = 0;
  std::jthread worker;
};

void scan(Scanner &s) {
  s.scan(3);
}
