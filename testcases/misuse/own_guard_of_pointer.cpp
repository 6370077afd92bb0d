// SPDX-License-Identifier: MIT
// A guard that may hold nothing, of a member: it holds the mutex to the end of its scope.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
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
    Guard g(&m); // CHECK-DAG: own_guard_of_pointer.cpp:[[@LINE]]:
    ++n;
  }
  void twice() {
    Guard g(&m); // CHECK-DAG: own_guard_of_pointer.cpp:[[@LINE]]:
    ++n;
    put();
  }

private:
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  int n = 0;
};

Store store;
void twice() { store.twice(); }
