// SPDX-License-Identifier: MIT
// The scope that it was moved to has ended.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <pthread.h>
#include <utility>

class Guard {
public:
  explicit Guard(pthread_mutex_t *m) : mutex(m) { pthread_mutex_lock(mutex); }
  Guard(Guard &&o) noexcept : mutex(std::exchange(o.mutex, nullptr)) {}
  ~Guard() {
    if (mutex != nullptr)
      pthread_mutex_unlock(mutex);
  }

private:
  pthread_mutex_t *mutex;
};

class Store {
public:
  Guard lock() { return Guard(&m); }
  void add() {
    Guard g = lock();
    {
    Guard h = std::move(g);
    ++n;
    }
    put();
  }

private:
  void put() {
    Guard g(&m);
    ++n;
  }
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  int n = 0;
};

Store store;
void add() { store.add(); }
