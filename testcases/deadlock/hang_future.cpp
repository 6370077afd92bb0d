// SPDX-License-Identifier: MIT
// A future that nobody fulfils: libstdc++ waits for a futex that another process might wake, in private memory.
// RUN: %cxx %s -o %t
// RUN: timeout 30 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <future>
#include <thread>

int main() {
  std::promise<int> promise;
  auto future = promise.get_future();
  std::thread reader([&] {
    future.get(); // CHECK-DAG: hang_future.cpp:[[@LINE]]:
  });
  reader.join();
}
// CHECK-DAG: error:{{.*}}[deadlock]
