// SPDX-License-Identifier: MIT
// REQUIRES: analyzer
// RUN: %sync_cxx %s %sync_lib -o %t
// RUN: timeout 30 %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=error: --implicit-check-not=warning: %s < %t.txt
//
// Every primitive, used as it should be: nothing is said. A Lock that another thread releases is a signal.
#include "gordian/sync.h"

#include <mutex>

static gordian::Lock lock;
static gordian::RLock rlock;
static gordian::Condition changed;
static gordian::Semaphore slots(2);
static gordian::BoundedSemaphore one(1);
static gordian::Barrier meeting(3);
static gordian::Queue<int> jobs(4);
static gordian::Event go;
static gordian::Lock baton;
static int done;

static void work() {
  go.wait();
  for (int i = 0; i < 50; i++) {
    std::lock_guard a(lock);
    std::lock_guard b(rlock);
    std::lock_guard c(rlock);
  }
  for (int i = 0; i < 20; i++) {
    slots.acquire();
    one.acquire();
    one.release();
    slots.release();
  }
  meeting.wait();
  for (int job; (job = jobs.get()) > 0;)
    jobs.task_done();
  jobs.task_done();
  std::lock_guard guard(changed);
  done++;
  changed.notify_all();
}

int main() {
  std::vector<gordian::Thread> threads;
  for (int i = 0; i < 3; i++)
    threads.emplace_back(work, "worker " + std::to_string(i));
  for (gordian::Thread &thread : threads)
    thread.start();
  go.set();
  for (int i = 1; i <= 30; i++)
    jobs.put(i);
  for (int i = 0; i < 3; i++)
    jobs.put(0);
  jobs.join();
  {
    std::lock_guard guard(changed);
    changed.wait_for([] { return done == 3; });
  }
  gordian::Event taken, given;
  gordian::Timer timer(0.001, [&] {
    baton.acquire();
    taken.set();
    given.wait();
    baton.acquire(); // waits for nobody by now, and ends the runtime's belief that this thread still holds it
    baton.release();
  });
  timer.start();
  taken.wait();
  baton.release();
  given.set();
  timer.join();
  baton.acquire();
  baton.release();
  for (gordian::Thread &thread : threads)
    thread.join();
}
