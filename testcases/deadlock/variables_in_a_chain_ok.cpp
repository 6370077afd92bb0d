// SPDX-License-Identifier: MIT
// A cache asks the one above it with its own lock held; both are variables.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>

class Cache {
public:
  explicit Cache(Cache *above = nullptr) : up(above) {}
  int get(int key) {
    std::lock_guard<std::mutex> l(m);
    return key == last ? key : up ? up->get(key) : key * key;
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
