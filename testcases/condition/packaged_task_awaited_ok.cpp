// SPDX-License-Identifier: MIT
// What a packaged task gives is waited for without its lock.
// RUN: %gordian check %s -- -std=c++20
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
    l.unlock();
    return result.get();
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
