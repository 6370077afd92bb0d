// SPDX-License-Identifier: MIT
// One ends before the next begins.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

template <class T>
class Synchronized {
public:
  class Pointer {
  public:
    explicit Pointer(Synchronized *s) : owner(s) { owner->m.lock(); }
    Pointer(const Pointer &) = delete;
    ~Pointer() { owner->m.unlock(); }
    T *operator->() { return &owner->value; }

  private:
    Synchronized *owner;
  };
  Pointer lock() { return Pointer(this); }

private:
  std::mutex m;
  T value{};
};

struct Counts {
  int a = 0, b = 0;
};
Synchronized<Counts> counts;

int sum() {
  int a = counts.lock()->a;
  int b = counts.lock()->b;
  return a + b;
}
