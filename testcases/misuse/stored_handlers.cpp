// SPDX-License-Identifier: MIT
// Stored handlers are called under the lock, and one of them locks.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <functional>
#include <mutex>
#include <vector>

class Bus {
public:
  void on(std::function<void(int)> f) {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: stored_handlers.cpp:[[@LINE]]:
    handlers.push_back(std::move(f));
  }
  void emit(int v) {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: stored_handlers.cpp:[[@LINE]]:
    for (auto &h : handlers)
      h(v);
  }

private:
  std::mutex m;
  std::vector<std::function<void(int)>> handlers;
};

Bus bus;
void setup() {
  bus.on([](int v) {
    if (v == 0)
      bus.on([](int) {});
  });
}
void fire() { bus.emit(0); }
