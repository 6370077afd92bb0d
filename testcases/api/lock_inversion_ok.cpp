// SPDX-License-Identifier: MIT
// REQUIRES: analyzer
// RUN: %sync_cxx %s %sync_lib -o %t
// RUN: %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=lock-order-inversion --implicit-check-not=error: %s < %t.txt
//
// lock_inversion.cpp with the second thread waiting for an Event that the first sets after it is through.
#include "gordian/sync.h"

#include <mutex>

static gordian::Lock accounts{"accounts"};
static gordian::RLock audit{"audit"};

static void transfer() {
  accounts.acquire();
  audit.acquire();
  audit.release();
  accounts.release();
}

static void review() {
  std::lock_guard outer(audit);
  std::lock_guard inner(accounts);
}

int main() {
  gordian::Event transferred;
  gordian::Thread one([&] {
    transfer();
    transferred.set();
  });
  gordian::Thread two([&] {
    transferred.wait();
    review();
  });
  one.start();
  two.start();
  one.join();
  two.join();
}
