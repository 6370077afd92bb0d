// SPDX-License-Identifier: MIT
// An object keeps a handler that calls back into it, and runs it with its lock held.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: own_handler.cpp:{{.*}}[non-reentrant-reacquire]
#include <functional>
#include <mutex>
#include <vector>
class Channel {
public:
  Channel() {
    overflow = [this] { drop(); };
  }
  void push(int v) {
    std::unique_lock l(mutex);
    items.push_back(v);
    overflow();
  }
  void drop() {
    std::lock_guard l(mutex);
    items.clear();
  }

private:
  std::mutex mutex;
  std::vector<int> items;
  std::function<void()> overflow;
};
Channel channel;
void send(int v) {
  channel.push(v);
}
