// SPDX-License-Identifier: MIT
// The helper waits with the guard that it was given, and its caller holds a second lock that the notifier needs.
// RUN: not %gordian check --rule data-race=off %s -- -std=c++20 2>&1 | %FileCheck %s
// CHECK: warning: {{.*}} waits for `Mail::changed` while holding `Mail::order`, which `Mail::put` must acquire before it can notify{{.*}} [condition-misuse]
#include <condition_variable>
#include <mutex>

class Mail {
public:
  int take() {
    std::lock_guard<std::mutex> o(order);
    std::unique_lock<std::mutex> l(m);
    while (n == 0)
      pause(l);
    return n--;
  }
  void put() {
    std::lock_guard<std::mutex> o(order);
    {
      std::lock_guard<std::mutex> l(m);
      n++;
    }
    changed.notify_one();
  }

private:
  void pause(std::unique_lock<std::mutex> &l) { changed.wait(l); }
  std::mutex order, m;
  std::condition_variable changed;
  int n = 0;
};
