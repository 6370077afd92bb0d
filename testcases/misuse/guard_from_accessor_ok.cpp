// SPDX-License-Identifier: MIT
// The caller unlocks it before it goes on.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

class Table {
public:
  std::unique_lock<std::mutex> lock() { return std::unique_lock<std::mutex>(m); }
  int size() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }

private:
  std::mutex m;
  int n = 0;
};

Table table;

int f() {
  auto l = table.lock();
  l.unlock();
  return table.size();
}
