// SPDX-License-Identifier: MIT
// A container copies keys whose copying throws; the guard of the caller releases.
// RUN: %gordian check %s -- -std=c++20
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

struct Key {
  explicit Key(int k) : n(k) {}
  Key(const Key &o) : n(o.n) {
    if (n < 0)
      throw std::runtime_error("copy");
  }
  bool operator<(const Key &o) const { return n < o.n; }
  int n;
};

class Counter {
public:
  void count(const std::vector<Key> &keys) {
    std::lock_guard<std::mutex> l(mutex);
    for (const Key &k : keys)
      ++counts[k];
  }

private:
  std::mutex mutex;
  std::map<Key, int> counts;
};

void both(Counter &c, const std::vector<Key> &keys) {
  c.count(keys);
}
