// SPDX-License-Identifier: MIT
// ReleasableMutexLock has released.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
namespace absl {
class Mutex {
public:
  void Lock();
  void Unlock();
};
class MutexLock {
public:
  explicit MutexLock(Mutex *m);
  ~MutexLock();
};
class ReleasableMutexLock {
public:
  explicit ReleasableMutexLock(Mutex *m);
  ~ReleasableMutexLock();
  void Release();
};
} // namespace absl

static absl::Mutex m;
static int n;

static void bump() {
  absl::MutexLock l(&m);
  ++n;
}

void twice() {
  absl::ReleasableMutexLock l(&m);
  ++n;
  l.Release();
  bump();
}
