// SPDX-License-Identifier: MIT
// continue goes on after this one's lock is given back; all are locked and unlocked in turn.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
#include <vector>

struct Node {
  std::mutex m;
  bool alive = true;
  long load = 0;
};

long total(const std::vector<Node *> &nodes) {
  long sum = 0;
  for (Node *n : nodes) {
    n->m.lock();
    if (!n->alive) {
      n->m.unlock();
      continue;
    }
    sum += n->load;
    n->m.unlock();
  }
  return sum;
}

void all(std::vector<Node *> &nodes) {
  for (Node *n : nodes)
    n->m.lock();
  for (Node *n : nodes)
    n->load = 0;
  for (Node *n : nodes)
    n->m.unlock();
}
