// SPDX-License-Identifier: MIT
// The answer is waited for without the lock that is needed to find its promise.
// RUN: %gordian check %s -- -std=c++20
#include <future>
#include <map>
#include <mutex>

class Calls {
public:
  int call(int id) {
    std::unique_lock<std::mutex> l(m);
    auto answer = pending[id].get_future();
    l.unlock();
    return answer.get();
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
