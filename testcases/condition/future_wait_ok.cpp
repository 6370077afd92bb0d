// SPDX-License-Identifier: MIT
// Waits for an answer before it takes the lock that the answer needs.
// RUN: %gordian check %s -- -std=c++20
#include <future>
#include <mutex>
class Call {
public:
  int ask() {
    auto f = reply.get_future();
    f.wait();
    int got = f.get();
    std::lock_guard l(state);
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
