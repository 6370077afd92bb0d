// SPDX-License-Identifier: MIT
// std::binary_semaphore members as locks, in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <semaphore>

class Desk {
public:
  void write() {
    pen.acquire();
    paper.acquire(); // CHECK-DAG: binary_semaphores.cpp:[[@LINE]]:
    ++n;
    paper.release();
    pen.release();
  }
  void read() {
    paper.acquire();
    pen.acquire(); // CHECK-DAG: binary_semaphores.cpp:[[@LINE]]:
    --n;
    pen.release();
    paper.release();
  }

private:
  std::binary_semaphore pen{1}, paper{1};
  int n = 0;
};

Desk desk;
void write() { desk.write(); }
void read() { desk.read(); }
