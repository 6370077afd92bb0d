// SPDX-License-Identifier: MIT
// RUN: %gordian_cxx -std=c++20 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=data-race %s < %t.txt
//
// counter.cpp with a lock.
#include <mutex>
#include <thread>

static std::mutex guard;
static int hits;

static void count() {
  for (int i = 0; i < 1000; i++) {
    std::lock_guard<std::mutex> g(guard);
    hits++;
  }
}

int main() {
  std::thread a(count), b(count);
  a.join();
  b.join();
}
