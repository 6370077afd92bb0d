// SPDX-License-Identifier: MIT
// It is called before.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <functional>
#include <mutex>

class Job {
public:
  void run() {
    auto f = std::bind(&Job::step, this, 2);
    f();
    std::lock_guard<std::mutex> l(m);
    ++n;
  }

private:
  void step(int k) {
    std::lock_guard<std::mutex> l(m);
    n += k;
  }
  std::mutex m;
  int n = 0;
};

Job job;
void go() { job.run(); }
