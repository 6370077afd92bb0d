// SPDX-License-Identifier: MIT
// The predicate of a wait takes a second lock.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <atomic>
#include <condition_variable>
#include <mutex>

static std::mutex queue, state;
static std::condition_variable filled;
static std::atomic<bool> stopping;
static int n;

bool stopped() {
  std::lock_guard<std::mutex> l(state); // CHECK-DAG: predicate_takes_lock.cpp:[[@LINE]]:
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
  std::lock_guard<std::mutex> k(queue); // CHECK-DAG: predicate_takes_lock.cpp:[[@LINE]]:
  filled.notify_all();
}

void put() {
  std::lock_guard<std::mutex> k(queue);
  ++n;
  filled.notify_one();
}
