// SPDX-License-Identifier: MIT
// A guard that locks only if asked to, and is asked under the lock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>

class MaybeLock {
public:
  MaybeLock(std::mutex &m, bool wanted) : mutex(m), locked(wanted) {
    if (locked)
      mutex.lock();
  }
  ~MaybeLock() {
    if (locked)
      mutex.unlock();
  }

private:
  std::mutex &mutex;
  bool locked;
};

class Table {
public:
  int twice() {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: guard_if_asked.cpp:[[@LINE]]:
    n += size(false);
    return n;
  }

private:
  int size(bool locked) {
    MaybeLock l(m, !locked); // CHECK-DAG: guard_if_asked.cpp:[[@LINE]]:
    return n;
  }
  std::mutex m;
  int n = 0;
};

Table table;
int f() { return table.twice(); }
