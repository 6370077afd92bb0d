// SPDX-License-Identifier: MIT
// Two threads do block each other. The run ends at once, with both stacks, and the status says so.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// RUN: timeout 20 %run --error-exitcode=9 -- %t > /dev/null 2>&1; test $? -eq 9
// RUN: timeout 20 %run --error-exitcode=0 -- %t > /dev/null 2>&1; test $? -eq 137
// RUN: timeout 20 %run --on-deadlock=abort --error-exitcode=0 -- %t > /dev/null 2>&1; test $? -eq 134
#include <atomic>
#include <mutex>
#include <thread>

static std::mutex audio, video;
static std::atomic<int> ready{0};

static void meet() {
  ready++;
  while (ready < 2)
    std::this_thread::yield();
}

int main() {
  std::thread a([] {
    std::lock_guard<std::mutex> x(audio); // CHECK-DAG: hang_two.cpp:[[@LINE]]:{{.*}} acquires audio
    meet();
    std::lock_guard<std::mutex> y(video); // CHECK-DAG: hang_two.cpp:[[@LINE]]:{{.*}} asks for video
  });
  std::thread b([] {
    std::lock_guard<std::mutex> y(video); // CHECK-DAG: hang_two.cpp:[[@LINE]]:{{.*}} acquires video
    meet();
    std::lock_guard<std::mutex> x(audio); // CHECK-DAG: hang_two.cpp:[[@LINE]]:{{.*}} asks for audio
  });
  a.join();
  b.join();
}
// CHECK-DAG: error: two threads block each other for good{{.*}}[deadlock]
// CHECK-DAG: 1 finding
