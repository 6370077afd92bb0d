// SPDX-License-Identifier: MIT
// A std::shared_mutex is read-locked twice by one thread: undefined, and fatal once a writer queues in between.
// RUN: %cxx %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
#include <mutex>
#include <shared_mutex>

static std::shared_mutex table;
static int rows;

static int __attribute__((noinline)) count() {
  std::shared_lock<std::shared_mutex> lock(table); // CHECK: shared_reentry.cpp:[[@LINE]]:{{.*}}error: `count` acquires `table` shared again{{.*}}[non-reentrant-reacquire]
  return rows;
}

int main() {
  {
    std::unique_lock<std::shared_mutex> lock(table);
    rows = 3;
  }
  std::shared_lock<std::shared_mutex> lock(table);
  return count() == 3 ? 0 : 1;
}
