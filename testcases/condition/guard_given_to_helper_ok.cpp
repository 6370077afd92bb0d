// SPDX-License-Identifier: MIT
// Its guard is all that is held: the loop is around the helper.
// RUN: %gordian check %s -- -std=c++20
#include <condition_variable>
#include <mutex>

class Mail {
public:
  int take() {
    std::unique_lock<std::mutex> l(m);
    while (n == 0)
      pause(l);
    return n--;
  }
  void put() {
    {
      std::lock_guard<std::mutex> l(m);
      n++;
    }
    changed.notify_one();
  }

private:
  void pause(std::unique_lock<std::mutex> &l) { changed.wait(l); }
  std::mutex m;
  std::condition_variable changed;
  int n = 0;
};
