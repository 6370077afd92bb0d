// SPDX-License-Identifier: MIT
// Detached threads count down under a mutex; the last one notifies. The main thread finds the counter at zero
// without ever having waited: nothing but the mutex orders it behind those that only counted.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex m, a, b;
static std::condition_variable none_left;
static int running = 3;

static void work() {
  {
    std::lock_guard<std::mutex> g(a);
    std::lock_guard<std::mutex> h(b);
  }
  std::lock_guard<std::mutex> g(m);
  if (--running == 0)
    none_left.notify_all();
}

int main() {
  for (int i = 0; i < 3; i++)
    std::thread(work).detach();
  for (bool over = false; !over;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::unique_lock<std::mutex> g(m);
    none_left.wait(g, [] { return running == 0; });
    over = true;
  }
  std::thread t([] {
    std::lock_guard<std::mutex> g(b);
    std::lock_guard<std::mutex> h(a);
  });
  t.join();
}
