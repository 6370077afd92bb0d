// SPDX-License-Identifier: MIT
// The second is only tried.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
  bool tryLock() __attribute__((try_acquire_capability(true)));
};

class __attribute__((scoped_lockable)) MutexLock {
public:
  explicit MutexLock(Mutex &m) __attribute__((acquire_capability(m)));
  ~MutexLock() __attribute__((release_capability()));
};

static Mutex a, b;
static int n;

void f() {
  MutexLock l(a);
  MutexLock k(b);
  ++n;
}

void g() {
  b.lock();
  if (a.tryLock()) {
  ++n;
  a.unlock();
  }
  b.unlock();
}
