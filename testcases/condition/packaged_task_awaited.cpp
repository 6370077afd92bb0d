// SPDX-License-Identifier: MIT
// What a packaged task gives is waited for with the lock that it takes.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <future>
#include <mutex>
#include <thread>

class Builder {
public:
  int build() {
    std::unique_lock<std::mutex> l(m);
    std::packaged_task<int()> task([this] { return count(); });
    auto result = task.get_future();
    std::thread(std::move(task)).detach();
    return result.get(); // CHECK: packaged_task_awaited.cpp:[[@LINE]]:
  }

private:
  int count() {
    std::lock_guard<std::mutex> l(m);
    return ++builds;
  }
  std::mutex m;
  int builds = 0;
};

int build(Builder &b) {
  return b.build();
}
