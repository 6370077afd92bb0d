// SPDX-License-Identifier: MIT
// One order.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <memory>
#include <mutex>

class Pair {
public:
  void f() {
    std::lock_guard<std::mutex> l(*a);
    std::lock_guard<std::mutex> k(*b);
    ++n;
  }
  void g() {
    a->lock();
    std::unique_lock<std::mutex> k(*b.get());
    ++n;
    a->unlock();
  }

private:
  std::unique_ptr<std::mutex> a = std::make_unique<std::mutex>();
  std::shared_ptr<std::mutex> b = std::make_shared<std::mutex>();
  int n = 0;
};

Pair pair;
void f() { pair.f(); }
void g() { pair.g(); }
