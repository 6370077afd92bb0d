// SPDX-License-Identifier: MIT
// The waiter keeps a second lock while it waits, and the notifier takes that lock before it notifies:
// neither can go on.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex config, queue;
static std::condition_variable filled;
static int items;

static void produce(bool wait) {
  if (wait)
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  std::lock_guard<std::mutex> c(config);
  std::lock_guard<std::mutex> q(queue);
  items++;
  filled.notify_one();
}

static void consume() {
  std::lock_guard<std::mutex> c(config);
  std::unique_lock<std::mutex> q(queue);
  while (items == 0)
    filled.wait(q);
}

int main() {
  std::thread consumer(consume), producer(produce, true);
  consumer.join();
  producer.join();
}
// CHECK: all threads are blocked{{.*}}[deadlock]
