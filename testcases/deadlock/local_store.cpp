// SPDX-License-Identifier: MIT
// A new object is told to others before it is locked below a lock of its class.
// RUN: %gordian check --rule lock-order-inversion %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <mutex>
#include <vector>

class Store {
public:
  void put(int v) {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: local_store.cpp:[[@LINE]]:{{.*}}[lock-order-inversion]
    data += v;
  }
  int rebuild() {
    Store next;
    others.push_back(&next);
    std::lock_guard<std::mutex> l(m);
    next.put(data);
    others.pop_back();
    return data;
  }

private:
  static std::vector<Store *> others;
  std::mutex m;
  int data = 0;
};

std::vector<Store *> Store::others;
