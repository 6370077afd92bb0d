// SPDX-License-Identifier: MIT
// The cache above asks the one below with its own lock held, which asks the one above again.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: variables_in_a_chain.cpp:12:{{.*}}[non-reentrant-reacquire]
#include <mutex>

class Cache {
public:
  explicit Cache(Cache *above = nullptr) : up(above) {}
  int get(int key) {
    std::lock_guard<std::mutex> l(m);
    return key == last ? key : up ? up->get(key) : key * key;
  }
  int through(Cache &other) {
    std::lock_guard<std::mutex> l(m);
    return other.get(last);
  }

private:
  Cache *up;
  std::mutex m;
  int last = 0;
};
static Cache disk;
static Cache memory(&disk);

int lookup(int key) {
  return memory.get(key);
}
int ask() {
  return memory.through(disk);
}
int askBack() {
  return disk.through(memory);
}
