// SPDX-License-Identifier: MIT
// Each thread reads one and writes the other, crosswise.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::shared_mutex routes, peers;
static int version;

int main() {
  std::thread a([] {
    std::shared_lock<std::shared_mutex> r(routes);
    std::unique_lock<std::shared_mutex> p(peers);
    version++;
  });
  std::thread b([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::shared_lock<std::shared_mutex> p(peers);
    std::unique_lock<std::shared_mutex> r(routes);
    version++;
  });
  a.join();
  b.join();
}
