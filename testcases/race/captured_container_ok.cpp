// SPDX-License-Identifier: MIT
// Containers that closures capture: under a lock, element by element, and by one thread that is joined.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
#include <string>
#include <thread>
#include <vector>

int main() {
  std::vector<int> out, later;
  std::vector<std::string> slots(2);
  std::mutex m;
  auto fill = [&](int n) {
    slots[n] = std::to_string(n);
    std::lock_guard<std::mutex> l(m);
    out.push_back(n);
  };
  std::thread a(fill, 0), b(fill, 1);
  a.join();
  b.join();
  std::thread c([&] { later.push_back(3); });
  c.join();
  later.push_back(4);
  return out.size() + later.size() == 4 ? 0 : 1;
}
