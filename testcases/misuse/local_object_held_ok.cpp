// SPDX-License-Identifier: MIT
// It is unlocked before.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

struct Job {
  std::mutex m;
  int v = 0;
};

int run(int k) {
  Job j;
  j.m.lock();
  j.v = k;
  j.m.unlock();
  return j.v;
}
