// SPDX-License-Identifier: MIT
// Each mode is released as it was taken.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <shared_mutex>

class Cache {
public:
  int get() {
    m.lock_shared();
    int v = value;
    m.unlock_shared();
    return v;
  }
  void set(int v) {
    m.lock();
    value = v;
    m.unlock();
  }

private:
  std::shared_mutex m;
  int value = 0;
};

Cache cache;
int get() { return cache.get(); }
void set(int v) { cache.set(v); }
