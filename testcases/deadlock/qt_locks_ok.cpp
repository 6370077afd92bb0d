// SPDX-License-Identifier: MIT
// unlock() comes before the second.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
  QWriteLocker k(&b);
  ++n;
}

void g() {
  QWriteLocker k(&b);
  --n;
  k.unlock();
  QMutexLocker l(&a);
  --n;
}
