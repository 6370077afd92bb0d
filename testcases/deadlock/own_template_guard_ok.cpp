// SPDX-License-Identifier: MIT
// It is unlocked before the second lock is taken.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

template <class M>
class Holder {
public:
  explicit Holder(M &m) : mutex(&m) { mutex->lock(); }
  ~Holder() { unlock(); }
  void unlock() {
    if (mutex) {
      mutex->unlock();
      mutex = nullptr;
    }
  }
  Holder(const Holder &) = delete;
  Holder &operator=(const Holder &) = delete;

private:
  M *mutex;
};

static std::mutex a, b;
static int n, k;

void f() {
  Holder<std::mutex> first(a);
  ++n;
  first.unlock();
  Holder<std::mutex> second(b);
  ++k;
}

void g() {
  Holder<std::mutex> first(b);
  ++k;
  Holder<std::mutex> second(a);
  ++n;
}
