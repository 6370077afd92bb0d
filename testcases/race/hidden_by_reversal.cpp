// SPDX-License-Identifier: MIT
// RUN: %gordian_cxx -std=c++20 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t; test $? -eq 66
// RUN: %FileCheck %s < %t.txt
//
// One thread writes under the lock, the other reads after having had the lock: to bring the two together, the critical
// sections must follow each other the other way round than they did here.
#include <chrono>
#include <mutex>
#include <thread>

static std::mutex guard;
static int total, reads;

int main() {
  int seen = 0;
  std::thread writer([] {
    std::lock_guard<std::mutex> g(guard);
    total = 7;
    // CHECK: error: {{.*}}total{{.*}}[data-race]
    // CHECK-DAG: hidden_by_reversal.cpp:[[@LINE-2]]
  });
  std::thread reader([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    {
      std::lock_guard<std::mutex> g(guard);
      reads++;
    }
    seen = total;
    // CHECK-DAG: hidden_by_reversal.cpp:[[@LINE-1]]
  });
  writer.join();
  reader.join();
  return seen - 7;
}
