// SPDX-License-Identifier: MIT
// Hand over hand in one direction: each lock is released after the next is taken.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <memory>
#include <mutex>
#include <thread>

struct Node {
  std::mutex m;
  int visits = 0;
};

static void walk(Node *nodes, int from, int to) {
  int step = from < to ? 1 : -1;
  nodes[from].m.lock();
  for (int i = from; i != to; i += step) {
    nodes[i + step].m.lock();
    nodes[i].visits++;
    nodes[i].m.unlock();
  }
  nodes[to].m.unlock();
}

int main() {
  auto nodes = std::make_unique<Node[]>(4);
  std::thread down([&] { walk(nodes.get(), 0, 3); });
  std::thread up([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    walk(nodes.get(), 1, 3);
  });
  down.join();
  up.join();
}
