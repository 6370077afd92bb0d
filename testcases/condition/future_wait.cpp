// SPDX-License-Identifier: MIT
// Waits for an answer with the lock held that the answer needs.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: future_wait.cpp:13:{{.*}}[blocking-under-lock]
#include <future>
#include <mutex>
class Call {
public:
  int ask() {
    auto f = reply.get_future();
    std::lock_guard l(state);
    f.wait();
    int got = f.get();
    return got + asked++;
  }
  void answer(int v) {
    std::lock_guard l(state);
    reply.set_value(v + asked);
  }

private:
  std::mutex state;
  std::promise<int> reply;
  int asked = 0;
};
