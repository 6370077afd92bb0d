// SPDX-License-Identifier: MIT
// Two threads insert into one container that their closure captures by reference.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <thread>
#include <vector>

int main() {
  std::vector<int> out;
  auto fill = [&out](int from) {
    out.push_back(from); // CHECK: captured_container.cpp:[[@LINE]]:{{.*}}[data-race]
  };
  std::thread a(fill, 0), b(fill, 100);
  a.join();
  b.join();
  return out.size() == 2 ? 0 : 1;
}
