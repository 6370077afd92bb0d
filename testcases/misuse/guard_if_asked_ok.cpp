// SPDX-License-Identifier: MIT
// It is told that the lock is held.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
    std::lock_guard<std::mutex> l(m);
    n += size(true);
    return n;
  }

private:
  int size(bool locked) {
    MaybeLock l(m, !locked);
    return n;
  }
  std::mutex m;
  int n = 0;
};

Table table;
int f() { return table.twice(); }
