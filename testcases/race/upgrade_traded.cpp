// SPDX-License-Identifier: MIT
// A reader writes under its shared lock: the helper does not trade it for the exclusive one.
// RUN: %gordian check --rule data-race %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <shared_mutex>
#include <thread>
static std::shared_mutex m;
static int hits;
static void upgrade(std::shared_mutex &l) {
  (void)l;
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
    upgrade(m), ++hits; // CHECK-DAG: upgrade_traded.cpp:[[@LINE]]:{{.*}}[data-race]
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
