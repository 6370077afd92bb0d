// SPDX-License-Identifier: MIT
// What a function has made and destroys again nobody else knows: its destructor's locks are free.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <memory>
#include <mutex>

class Registry;

class Channel {
public:
  explicit Channel(int kind) : valid(kind >= 0) {}
  virtual ~Channel() {
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

class Fast : public Channel {
public:
  Fast() : Channel(1) {}
};

class Registry {
public:
  Channel *open(int kind) {
    std::lock_guard<std::mutex> l(slots);
    Channel *c = nullptr;
    switch (kind) {
    case 0:
      c = new Fast;
      break;
    default:
      c = new Channel(kind);
    }
    if (!c->isValid()) {
      delete c;
      return nullptr;
    }
    ++count;
    return c;
  }

private:
  std::mutex slots;
  int count = 0;
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
