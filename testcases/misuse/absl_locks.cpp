// SPDX-License-Identifier: MIT
// absl::MutexLock under absl::MutexLock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
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
  absl::MutexLock l(&m); // CHECK-DAG: absl_locks.cpp:[[@LINE]]:
  ++n;
}

void twice() {
  absl::MutexLock l(&m); // CHECK-DAG: absl_locks.cpp:[[@LINE]]:
  ++n;
  bump();
}
