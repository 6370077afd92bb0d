// SPDX-License-Identifier: MIT
// Nobody else knows a local object whose address goes to its own methods, references and closures only: that
// it is locked below another lock of its class is no order. RUN: %gordian check %s -- -std=c++20
#include <functional>
#include <mutex>
#include <vector>

class Store {
public:
  void put(int v) {
    std::lock_guard<std::mutex> l(m);
    data.push_back(v);
  }
  void each(const std::function<void(int)> &f) const {
    std::lock_guard<std::mutex> l(m);
    for (int v : data)
      f(v);
  }
  void rebuild() {
    std::lock_guard<std::mutex> l(m);
    Store next;
    Store &same = next;
    for (int v : data)
      same.put(v);
    data.swap(next.data);
  }

private:
  mutable std::mutex m;
  std::vector<int> data;
};

void few(const Store &from) {
  Store found;
  from.each([&](int v) {
    if (v < 3)
      found.put(v);
  });
}
