// SPDX-License-Identifier: MIT
// RUN: %gordian_cxx -std=c++20 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t; test $? -eq 66
// RUN: %FileCheck %s < %t.txt
//
// Two threads count without a lock.
#include <thread>

static int hits;

static void count() {
  for (int i = 0; i < 1000; i++)
    hits++;
  // CHECK: error: {{.*}}hits{{.*}}[data-race]
  // CHECK: counter.cpp:[[@LINE-2]]
}

int main() {
  std::thread a(count), b(count);
  a.join();
  b.join();
}
