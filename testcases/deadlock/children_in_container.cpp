// SPDX-License-Identifier: MIT
// A node locks the children that it keeps in a vector; one of them tells its parent.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: two instances of `Node::m` {{.*}}[lock-order-inversion]
#include <memory>
#include <mutex>
#include <vector>
struct Node {
  std::mutex m;
  Node *parent = nullptr;
  std::vector<std::unique_ptr<Node>> children;
  bool dirty = false;
  void paint() {
    std::lock_guard l(m);
    dirty = false;
    for (auto &c : children)
      c->paint();
  }
  void change() {
    std::lock_guard l(m);
    dirty = true;
    if (parent)
      parent->change();
  }
};
