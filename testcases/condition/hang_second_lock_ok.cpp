// SPDX-License-Identifier: MIT
// The waiter releases its second lock before it waits.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex config, queue;
static std::condition_variable filled;
static int items;

static void produce(bool wait) {
  if (wait)
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  { std::lock_guard<std::mutex> c(config); }
  std::lock_guard<std::mutex> q(queue);
  items++;
  filled.notify_one();
}

static void consume() {
  { std::lock_guard<std::mutex> c(config); }
  std::unique_lock<std::mutex> q(queue);
  while (items == 0)
    filled.wait(q);
}

int main() {
  std::thread consumer(consume), producer(produce, true);
  consumer.join();
  producer.join();
}
