// SPDX-License-Identifier: MIT
// The initialiser takes the locks the other way round, but everybody has passed it before.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>

class Tables {
public:
  int get() {
    std::call_once(once, [this] { build(); });
    std::lock_guard<std::mutex> a(index);
    std::lock_guard<std::mutex> b(data);
    return rows;
  }
  void put(int n) {
    std::call_once(once, [this] { build(); });
    std::lock_guard<std::mutex> a(index);
    std::lock_guard<std::mutex> b(data);
    rows = n;
  }

private:
  void build() {
    std::lock_guard<std::mutex> b(data);
    std::lock_guard<std::mutex> a(index);
    rows = 1;
  }
  std::once_flag once;
  std::mutex index, data;
  int rows = 0;
};
int use(Tables &t) {
  t.put(2);
  return t.get();
}
