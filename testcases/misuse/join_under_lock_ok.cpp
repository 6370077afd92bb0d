// SPDX-License-Identifier: MIT
// main joins first and takes the lock then.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <mutex>
#include <thread>

static std::mutex state;
static int n;

int main() {
  std::thread worker([] {
    std::lock_guard<std::mutex> g(state);
    n++;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100)); // this time the worker comes first
  worker.join();
  std::lock_guard<std::mutex> g(state);
}
