// SPDX-License-Identifier: MIT
// A future is asked with a lock held only when its answer is there.
// RUN: %gordian check %s -- -std=c++20
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
    if (!job.valid() || job.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
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
