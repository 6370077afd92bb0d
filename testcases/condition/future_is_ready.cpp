// SPDX-License-Identifier: MIT
// A future is asked with the lock held that its task needs, ready or not.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: future_is_ready.cpp:21:{{.*}}[blocking-under-lock]
#include <chrono>
#include <future>
#include <mutex>

class Preview {
public:
  void request() {
    std::lock_guard<std::mutex> l(m);
    if (!job.valid())
      job = std::async(std::launch::async, [this] { return render(); });
  }
  bool poll(int &out) {
    std::lock_guard<std::mutex> l(m);
    if (!job.valid())
      return false;
    out = job.get();
    return true;
  }

private:
  int render() {
    std::lock_guard<std::mutex> l(m);
    return width;
  }
  std::mutex m;
  std::future<int> job;
  int width = 80;
};
