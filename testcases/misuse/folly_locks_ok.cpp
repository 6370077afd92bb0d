// SPDX-License-Identifier: MIT
// The reader's lock is given back first.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
namespace folly {
class SharedMutex {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
} // namespace folly

static folly::SharedMutex m;
static int n;

void fill() {
  m.lock_shared();
  int v = n;
  m.unlock_shared();
  m.lock();
  n = v + 1;
  m.unlock();
}
