// SPDX-License-Identifier: MIT
// Main waits for a latch before it takes the lock that the workers need.
// RUN: %gordian check %s -- -std=c++20
#include <functional>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

static std::mutex m;
static int sum;

static void worker(std::latch &done, int n) {
  {
    std::lock_guard<std::mutex> l(m);
    sum += n;
  }
  done.count_down();
}
int main() {
  std::latch done(3);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back(worker, std::ref(done), i);
  {
    done.wait();
    std::lock_guard<std::mutex> l(m);
    ++sum;
  }
  for (auto &t : threads)
    t.join();
}
