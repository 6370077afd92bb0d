// SPDX-License-Identifier: MIT
// lock_shared is answered by unlock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <shared_mutex>

class Cache {
public:
  int get() {
    m.lock_shared();
    int v = value;
    m.unlock(); // CHECK-DAG: shared_mutex_wrong_mode.cpp:[[@LINE]]:
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
