// SPDX-License-Identifier: MIT
// The predicate reads an atomic.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <atomic>
#include <condition_variable>
#include <mutex>

static std::mutex queue, state;
static std::condition_variable filled;
static std::atomic<bool> stopping;
static int n;

bool stopped() {
  return stopping;
}

void wait() {
  std::unique_lock<std::mutex> l(queue);
  filled.wait(l, [] { return n > 0 || stopped(); });
  --n;
}

void stop() {
  std::lock_guard<std::mutex> l(state);
  stopping = true;
  std::lock_guard<std::mutex> k(queue);
  filled.notify_all();
}

void put() {
  std::lock_guard<std::mutex> k(queue);
  ++n;
  filled.notify_one();
}
