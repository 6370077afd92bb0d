// SPDX-License-Identifier: MIT
// A condition class keeps a pointer to another mutex than the one that its caller holds, which the notifier
// needs.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [condition-misuse]
#include <condition_variable>
#include <mutex>
class Mutex {
public:
  void lock() { m.lock(); }
  void unlock() { m.unlock(); }

private:
  friend class Condition;
  std::mutex m;
};
class Condition {
public:
  explicit Condition(Mutex *with) : mutex(with) {}
  void wait() {
    std::unique_lock<std::mutex> l(mutex->m, std::adopt_lock);
    cv.wait(l);
    l.release();
  }
  void notify() { cv.notify_all(); }

private:
  std::condition_variable cv;
  Mutex *const mutex;
};
class Box {
public:
  Box() : full(&other) {}
  int take() {
    mutex.lock();
    other.lock();
    while (items == 0)
      full.wait();
    int n = items--;
    other.unlock();
    mutex.unlock();
    return n;
  }
  void put() {
    mutex.lock();
    other.lock();
    ++items;
    full.notify();
    other.unlock();
    mutex.unlock();
  }

private:
  Mutex mutex, other;
  Condition full; // waits with `other`
  int items = 0;
};
Box box;
int take() { return box.take(); }
void put() { box.put(); }
