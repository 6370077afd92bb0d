// SPDX-License-Identifier: MIT
// RUN: %gordian_cxx -std=c++20 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t; test $? -eq 66
// RUN: %FileCheck %s < %t.txt
//
// A relaxed store publishes nothing.
#include <atomic>
#include <thread>

static int payload;
static std::atomic<bool> ready;

int main() {
  std::thread writer([] {
    payload = 1;
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  int seen = payload;
  // CHECK: error: {{.*}}payload{{.*}}[data-race]
  // CHECK: relaxed_flag.cpp:[[@LINE-2]]
  writer.join();
  return seen - 1;
}
