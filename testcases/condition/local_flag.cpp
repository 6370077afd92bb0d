// SPDX-License-Identifier: MIT
// A local variable that a thread's lambda waits for is set without the mutex.
// RUN: not %gordian check %s -- -std=c++20 2>&1 | %FileCheck %s
// CHECK: local_flag.cpp:[[@LINE+14]]:6: {{.*}}`main` changes `main()::go` without `main()::m` before it notifies `main()::changed`{{.*}} [condition-misuse]
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex m;
  std::condition_variable changed;
  bool go = false;
  std::thread t([&] {
    std::unique_lock<std::mutex> l(m);
    while (!go)
      changed.wait(l);
  });
  go = true;
  changed.notify_one();
  t.join();
}
