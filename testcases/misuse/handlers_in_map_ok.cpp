// SPDX-License-Identifier: MIT
// The handler is copied out of the map and called without its lock.
// RUN: %gordian check %s -- -std=c++20
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
    std::function<void()> f;
    {
      std::lock_guard<std::mutex> l(m);
      f = handlers[name];
    }
    if (f)
      f();
  }

private:
  std::mutex m;
  std::map<std::string, std::function<void()>> handlers;
};

void install(Commands &c) {
  c.define("alias", [&c] { c.define("other", [] {}); });
}
