// SPDX-License-Identifier: MIT
// A timed wait under a second lock that the only notifier takes first: nothing but the limit ends it.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex account, mail;
static std::condition_variable arrived;
static int letters;

static void deliver() {
  std::lock_guard<std::mutex> a(account);
  std::lock_guard<std::mutex> g(mail);
  letters++;
  arrived.notify_one();
}

int main() {
  std::thread notifier;
  {
    std::lock_guard<std::mutex> a(account);
    notifier = std::thread(deliver);
    std::unique_lock<std::mutex> g(mail);
    arrived.wait_for(g, std::chrono::milliseconds(50),
                     [] { return letters > 0; }); // CHECK-DAG: second_lock_timed.cpp:[[@LINE-1]]
  }
  notifier.join();
}
// CHECK-DAG: [condition-misuse]
