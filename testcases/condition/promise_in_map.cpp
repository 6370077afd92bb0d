// SPDX-License-Identifier: MIT
// The answer is waited for with the lock that is needed to find its promise.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <future>
#include <map>
#include <mutex>

class Calls {
public:
  int call(int id) {
    std::lock_guard<std::mutex> l(m);
    auto answer = pending[id].get_future();
    return answer.get(); // CHECK: promise_in_map.cpp:[[@LINE]]:
  }
  void answer(int id, int n) {
    std::lock_guard<std::mutex> l(m);
    auto it = pending.find(id);
    if (it != pending.end())
      it->second.set_value(n);
  }

private:
  std::mutex m;
  std::map<int, std::promise<int>> pending;
};

int call(Calls &c) {
  return c.call(1);
}
void answer(Calls &c) {
  c.answer(1, 2);
}
