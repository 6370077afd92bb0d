// SPDX-License-Identifier: MIT
// std::recursive_mutex is.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

class Tree {
public:
  void add(int n) {
    std::lock_guard<std::recursive_mutex> l(m);
    size += n;
    if (n > 0)
      add(n - 1);
  }

private:
  std::recursive_mutex m;
  int size = 0;
};

Tree tree;
void grow() { tree.add(3); }
