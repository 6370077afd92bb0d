// SPDX-License-Identifier: MIT
// Without the guard: an early return keeps the lock.
// RUN: %not %gordian check %s -- -std=c++20 > %t.out
// RUN: %FileCheck %s < %t.out
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

class Counter {
public:
  void next() {
    // CHECK: [[#@LINE+1]]:{{.*}}held
    mutex.lock();
    if (value < 0)
      return;
    ++value;
    mutex.unlock();
  }

private:
  Mutex mutex;
  int value = 0;
};

void both(Counter &c) {
  c.next();
}
