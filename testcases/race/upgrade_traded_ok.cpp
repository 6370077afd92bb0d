// SPDX-License-Identifier: MIT
// A reader trades its shared lock for the exclusive one before it writes: by hand, in a helper, in a guard.
// RUN: %gordian check %s -- -std=c++20
#include <shared_mutex>
#include <thread>

static std::shared_mutex m;
static int hits;

static void upgrade(std::shared_mutex &l) {
  l.unlock_shared();
  l.lock();
}

class Guard {
public:
  Guard() { m.lock_shared(); }
  ~Guard() {
    if (exclusive)
      m.unlock();
    else
      m.unlock_shared();
  }
  void toWriter() {
    upgrade(m);
    exclusive = true;
  }

private:
  bool exclusive = false;
};

static void touch(int k) {
  Guard g;
  if (hits % 2 == k)
    return;
  g.toWriter();
  ++hits;
}

static void count() {
  m.lock_shared();
  int n = hits;
  upgrade(m);
  hits = n + 1;
  m.unlock();
}

int main() {
  std::thread a([] { touch(1); }), b([] { count(); });
  a.join();
  b.join();
  return hits;
}
