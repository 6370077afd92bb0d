// SPDX-License-Identifier: MIT
// The lambda uses what it is given.
// RUN: %gordian check %s -- -std=c++20
#include <map>
#include <mutex>

class Registry {
public:
  template <class F> void forEach(F f) {
    std::lock_guard<std::mutex> l(m);
    for (auto &e : entries)
      f(e.first, e.second);
  }
  int get(int k) {
    std::lock_guard<std::mutex> l(m);
    return entries[k];
  }

private:
  std::mutex m;
  std::map<int, int> entries;
};

int total(Registry &r) {
  int sum = 0;
  r.forEach([&](int, int v) { sum += v; });
  return sum;
}
