// SPDX-License-Identifier: MIT
// REQUIRES: analyzer
// RUN: %sync_cxx %s %sync_lib -o %t
// RUN: %gordian run --format text -o %t.txt -- %t; test $? -eq 66
// RUN: %FileCheck %s < %t.txt
//
// Two Locks in two orders: the lines are those of the calls, through the guard too, and the names those given.
// CHECK: error: {{.*}}accounts{{.*}}audit{{.*}}[lock-order-inversion]
#include "gordian/sync.h"

#include <mutex>
#include <unistd.h>

static gordian::Lock accounts{"accounts"};
static gordian::RLock audit{"audit"};

static void transfer() {
  accounts.acquire();
  // CHECK-DAG: lock_inversion.cpp:[[@LINE-1]]
  audit.acquire();
  // CHECK-DAG: lock_inversion.cpp:[[@LINE-1]]
  audit.release();
  accounts.release();
}

static void review() {
  std::lock_guard outer(audit);
  // CHECK-DAG: lock_inversion.cpp:[[@LINE-1]]
  std::lock_guard inner(accounts);
  // CHECK-DAG: lock_inversion.cpp:[[@LINE-1]]
}

int main() {
  gordian::Thread one(transfer), two([] {
    usleep(100000); // the first is through by then
    review();
  });
  one.start();
  two.start();
  one.join();
  two.join();
}
