// SPDX-License-Identifier: MIT
// A jthread that is assigned to joins its old thread, with the lock held that this needs.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <mutex>
#include <stop_token>
#include <thread>

class Scanner {
public:
  void scan(int n) {
    std::lock_guard<std::mutex> l(m);
    found = 0;
    worker = std::jthread([this, n](std::stop_token s) { walk(s, n); }); // CHECK: jthread_replaced.cpp:[[@LINE]]:
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
