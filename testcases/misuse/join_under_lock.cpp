// SPDX-License-Identifier: MIT
// main joins a thread while it holds the lock that the thread takes once more before it ends.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <mutex>
#include <thread>

static std::mutex state;
static int n;

int main() {
  std::thread worker([] {
    std::lock_guard<std::mutex> g(state); // CHECK-DAG: join_under_lock.cpp:[[@LINE]]:{{.*}} asks for state
    n++;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100)); // this time the worker comes first
  std::lock_guard<std::mutex> g(state);
  worker.join(); // CHECK-DAG: join_under_lock.cpp:[[@LINE]]:{{.*}}warning: `main` joins thread {{.*}} while holding `state`{{.*}}[blocking-under-lock]
}
