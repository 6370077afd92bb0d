// SPDX-License-Identifier: MIT
// Its scope has ended.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <pthread.h>

class Guard {
public:
  explicit Guard(pthread_mutex_t *m) : mutex(m) {
    if (mutex != nullptr)
      pthread_mutex_lock(mutex);
  }
  ~Guard() {
    if (mutex != nullptr)
      pthread_mutex_unlock(mutex);
  }

private:
  pthread_mutex_t *mutex;
};

class Store {
public:
  void put() {
    Guard g(&m);
    ++n;
  }
  void twice() {
    {
    Guard g(&m);
    ++n;
    }
    put();
  }

private:
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  int n = 0;
};

Store store;
void twice() { store.twice(); }
