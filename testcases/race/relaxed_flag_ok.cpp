// SPDX-License-Identifier: MIT
// RUN: %gordian_cxx -std=c++20 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=data-race %s < %t.txt
//
// relaxed_flag.cpp with fences, which ThreadSanitizer does not know.
#include <atomic>
#include <thread>

static int payload;
static std::atomic<bool> ready;

int main() {
  std::thread writer([] {
    payload = 1;
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  std::atomic_thread_fence(std::memory_order_acquire);
  int seen = payload;
  writer.join();
  return seen - 1;
}
