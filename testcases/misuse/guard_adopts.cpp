// SPDX-License-Identifier: MIT
// A guard adopts a lock that nobody has taken: the release at its end is named, and the guard.
// RUN: not %gordian check %s -- -std=c++20 2>&1 | %FileCheck %s
#include <mutex>

static std::mutex m;
static int n;

void bump() {
  std::lock_guard<std::mutex> l(m, std::adopt_lock);
  ++n;
}
// CHECK: guard_adopts.cpp:[[@LINE-1]]:1: error: `bump` releases `m`, which its thread does not hold [release-without-acquire]
// CHECK: guard_adopts.cpp:[[@LINE-4]]:31: note: releases m, by the guard that is made here
