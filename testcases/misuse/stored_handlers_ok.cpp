// SPDX-License-Identifier: MIT
// They are copied, and called without it.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <functional>
#include <mutex>
#include <vector>

class Bus {
public:
  void on(std::function<void(int)> f) {
    std::lock_guard<std::mutex> l(m);
    handlers.push_back(std::move(f));
  }
  void emit(int v) {
    std::vector<std::function<void(int)>> copy;
    {
    std::lock_guard<std::mutex> l(m);
      copy = handlers;
    }
    for (auto &h : copy)
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
