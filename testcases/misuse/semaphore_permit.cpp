// SPDX-License-Identifier: MIT
// A binary semaphore that is used as a lock is not posted on the error path.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-leak]
#include <semaphore>

class Gauge {
public:
  bool add(int n) {
    sem.acquire();
    if (n < 0) {
      // lost
      return false;
    }
    total += n;
    sem.release();
    return true;
  }

private:
  std::binary_semaphore sem{1};
  long total = 0;
};

bool add(Gauge &g, int n) {
  return g.add(n);
}
