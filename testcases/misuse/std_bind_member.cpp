// SPDX-License-Identifier: MIT
// std::bind of a member that locks, called under the lock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <functional>
#include <mutex>

class Job {
public:
  void run() {
    auto f = std::bind(&Job::step, this, 2);
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: std_bind_member.cpp:[[@LINE]]:
    f();
    ++n;
  }

private:
  void step(int k) {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: std_bind_member.cpp:[[@LINE]]:
    n += k;
  }
  std::mutex m;
  int n = 0;
};

Job job;
void go() { job.run(); }
