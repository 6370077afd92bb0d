// SPDX-License-Identifier: MIT
// REQUIRES: analyzer
// RUN: %gordian_cxx -std=c++20 -O1 -I%root/runtime/include %s %sync_lib -o %t
// RUN: timeout 60 %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=data-race %s < %t.txt
//
// Under ThreadSanitizer, each primitive orders what it guards or hands over.
#include "gordian/sync.h"

#include <mutex>

static int data[8];

int main() {
  gordian::Lock lock;
  gordian::RLock rlock;
  gordian::Condition changed(lock);
  gordian::Semaphore semaphore(0);
  gordian::Event event;
  gordian::Barrier barrier(2);
  gordian::Queue<int> queue;
  bool ready = false;
  gordian::Thread other([&] {
    for (int i = 0; i < 100; i++) {
      std::lock_guard a(lock);
      data[0]++;
    }
    for (int i = 0; i < 100; i++) {
      std::lock_guard a(rlock);
      data[1]++;
    }
    {
      std::lock_guard a(lock);
      ready = true;
      changed.notify();
    }
    data[2] = 1;
    semaphore.release();
    data[3] = 1;
    event.set();
    data[4] = 1;
    barrier.wait();
    data[5] = 1;
    queue.put(1);
    data[6] = 1;
  });
  other.start();
  for (int i = 0; i < 100; i++) {
    std::lock_guard a(lock);
    data[0]++;
  }
  for (int i = 0; i < 100; i++) {
    std::lock_guard a(rlock);
    data[1]++;
  }
  {
    std::lock_guard a(lock);
    changed.wait_for([&] { return ready; });
  }
  semaphore.acquire();
  data[2]++;
  while (!event.is_set())
    sched_yield();
  data[3]++;
  barrier.wait();
  data[4]++;
  data[5] += queue.get();
  other.join();
  return data[0] + data[1] + data[2] + data[3] + data[4] + data[5] + data[6] == 409 ? 0 : 1;
}
