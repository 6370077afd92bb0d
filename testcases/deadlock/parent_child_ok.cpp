// SPDX-License-Identifier: MIT
// The parent is always locked before the child, whichever of the two one comes from.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
  if (n->parent) {
    std::lock_guard<std::mutex> a(n->parent->m);
    std::lock_guard<std::mutex> b(n->m);
    n->parent->value += n->value;
  }
}
