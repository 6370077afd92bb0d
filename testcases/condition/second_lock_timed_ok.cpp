// SPDX-License-Identifier: MIT
// The notifier is done with the second lock before another thread keeps it over its timed wait.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex account, mail;
static std::condition_variable arrived;
static int letters;

static void deliver() {
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
    arrived.wait_for(g, std::chrono::milliseconds(50), [] { return letters > 0; });
  }
  notifier.join();
}
