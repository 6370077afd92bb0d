// SPDX-License-Identifier: MIT
// continue goes on to the next element with this one's lock held.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-leak]
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
    if (!n->alive)
      continue;
    sum += n->load;
    n->m.unlock();
  }
  return sum;
}
