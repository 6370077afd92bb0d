// SPDX-License-Identifier: MIT
// A mutex class throws where the library's call fails, and its guard's destructor catches that.
// RUN: %gordian check %s -- -std=c++20
#include <cstdlib>
#include <pthread.h>
#include <stdexcept>

class Mutex {
public:
  void lock() {
    if (pthread_mutex_lock(&mutex))
      throw std::runtime_error("lock");
  }
  void unlock() {
    if (pthread_mutex_unlock(&mutex))
      throw std::runtime_error("unlock");
  }

private:
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
};

template <class M>
class Guard {
public:
  explicit Guard(M &m) : mutex(m) { mutex.lock(); }
  ~Guard() {
    try {
      mutex.unlock();
    } catch (...) {
      std::abort();
    }
  }

private:
  M &mutex;
};

template <class M>
class QuietGuard {
public:
  explicit QuietGuard(M &m) : mutex(m) { mutex.lock(); }
  ~QuietGuard() {
    try {
      mutex.unlock();
    } catch (...) {
    }
  }

private:
  M &mutex;
};

class Counter {
public:
  int next() {
    Guard<Mutex> l(mutex);
    return ++value;
  }
  int last() {
    QuietGuard<Mutex> l(mutex);
    return --value;
  }

private:
  Mutex mutex;
  int value = 0;
};

int both(Counter &c) {
  return c.next() + c.last();
}
