// SPDX-License-Identifier: MIT
// The object that is destroyed under the registry's lock was in use before.
// RUN: %not %gordian check --rule data-race=off %s -- -std=c++20 > %t.out
// RUN: %FileCheck %s < %t.out
#include <memory>
#include <mutex>

class Registry;

class Channel {
public:
  explicit Channel(int kind) : valid(kind >= 0) {}
  virtual ~Channel() {
    // CHECK: [[#@LINE+1]]:{{.*}}`Channel::monitor` and `Registry::slots` are acquired in opposite orders
    std::lock_guard<std::mutex> l(monitor);
    state = 0;
  }
  bool isValid() const { return valid; }
  void watch(Registry &r);

private:
  std::mutex monitor;
  int state = 1;
  bool valid;
};

class Registry {
public:
  Channel *open(int kind) {
    std::lock_guard<std::mutex> l(slots);
    Channel *c = last;
    if (c && !c->isValid()) {
      delete c;
      last = nullptr;
      return nullptr;
    }
    ++count;
    return last = new Channel(kind);
  }

private:
  std::mutex slots;
  int count = 0;
  Channel *last = nullptr;
};

void Channel::watch(Registry &r) {
  std::lock_guard<std::mutex> l(monitor);
  if (r.open(2))
    ++state;
}

int watchAll(Registry &r, Channel &c) {
  c.watch(r);
  return r.open(3) ? 0 : 1;
}
