// SPDX-License-Identifier: MIT
// It relies on them.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
};

class Box {
public:
  void put() __attribute__((requires_capability(m)));
  void take() {
    m.lock();
    put();
    m.unlock();
  }

private:
  Mutex m;
  int n = 0;
};

void Box::put() {
  ++n;
}
