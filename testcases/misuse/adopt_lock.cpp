// SPDX-License-Identifier: MIT
// adopt_lock of a mutex that nobody locked.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [release-without-acquire]
#include <mutex>

class Door {
public:
  void open() {
    std::lock_guard<std::mutex> l(m, std::adopt_lock);
    ++n;
  }
  void close() {
    std::lock_guard<std::mutex> l(m);
    --n;
  }

private:
  std::mutex m;
  int n = 0;
};

Door door;
void open() { door.open(); } // CHECK-DAG: adopt_lock.cpp:[[@LINE]]:
void close() { door.close(); }
