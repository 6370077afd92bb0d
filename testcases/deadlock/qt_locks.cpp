// SPDX-License-Identifier: MIT
// QMutexLocker and QWriteLocker in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
class QMutex {
public:
  void lock();
  void unlock();
};
class QReadWriteLock {
public:
  void lockForWrite();
  void unlock();
};
class QMutexLocker {
public:
  explicit QMutexLocker(QMutex *m);
  ~QMutexLocker();
  void unlock();
};
class QWriteLocker {
public:
  explicit QWriteLocker(QReadWriteLock *m);
  ~QWriteLocker();
  void unlock();
};

static QMutex a;
static QReadWriteLock b;
static int n;

void f() {
  QMutexLocker l(&a);
  QWriteLocker k(&b); // CHECK-DAG: qt_locks.cpp:[[@LINE]]:
  ++n;
}

void g() {
  QWriteLocker k(&b);
  --n;
  QMutexLocker l(&a); // CHECK-DAG: qt_locks.cpp:[[@LINE]]:
  --n;
}
