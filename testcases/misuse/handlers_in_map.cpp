// SPDX-License-Identifier: MIT
// A handler that a map keeps defines another one, called with the lock of the map held, which that takes too.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: handlers_in_map.cpp:{{.*}}[non-reentrant-reacquire]
#include <functional>
#include <map>
#include <mutex>
#include <string>

class Commands {
public:
  void define(const std::string &name, std::function<void()> f) {
    std::lock_guard<std::mutex> l(m);
    handlers[name] = std::move(f);
  }
  void run(const std::string &name) {
    std::lock_guard<std::mutex> l(m);
    if (auto it = handlers.find(name); it != handlers.end())
      it->second();
  }

private:
  std::mutex m;
  std::map<std::string, std::function<void()>> handlers;
};

void install(Commands &c) {
  c.define("alias", [&c] { c.define("other", [] {}); });
}
