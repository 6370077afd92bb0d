// SPDX-License-Identifier: MIT
// Locks a node and then its child here, a node and then its parent there.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: two instances of `Node::m` {{.*}}[lock-order-inversion]
#include <mutex>
struct Node {
  std::mutex m;
  Node *parent = nullptr, *child = nullptr;
  int value = 0;
};
void down(Node *n) {
  std::lock_guard<std::mutex> a(n->m);
  if (n->child) {
    std::lock_guard<std::mutex> b(n->child->m);
    n->child->value = n->value;
  }
}
void up(Node *n) {
  std::lock_guard<std::mutex> a(n->m);
  if (n->parent) {
    std::lock_guard<std::mutex> b(n->parent->m);
    n->parent->value += n->value;
  }
}
