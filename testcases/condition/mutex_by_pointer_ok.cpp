// SPDX-License-Identifier: MIT
// A condition class keeps a pointer to the mutex of the object that both are members of: the wait gives back
// the very lock that its caller holds.
// RUN: %gordian check %s -- -std=c++20
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
  Box() : full(&mutex) {}
  int take() {
    mutex.lock();
    while (items == 0)
      full.wait();
    int n = items--;
    mutex.unlock();
    return n;
  }
  void put() {
    mutex.lock();
    ++items;
    full.notify();
    mutex.unlock();
  }

private:
  Mutex mutex;
  Condition full;
  int items = 0;
};
Box box;
int take() { return box.take(); }
void put() { box.put(); }
