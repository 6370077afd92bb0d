// SPDX-License-Identifier: MIT
// RUN: %gordian_cxx -std=c++20 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=data-race %s < %t.txt
//
// Waits with a limit on the steady clock: the functions behind them are unknown to ThreadSanitizer.
#include <chrono>
#include <mutex>
#include <semaphore.h>
#include <shared_mutex>
#include <thread>

using namespace std::chrono_literals;

static std::shared_timed_mutex shared;
static std::timed_mutex timed;
static sem_t semaphore;
static int first, second;

static void work() {
  for (int i = 0; i < 100; i++) {
    if (shared.try_lock_for(10s)) {
      first++;
      shared.unlock();
    }
    if (shared.try_lock_shared_for(10s)) {
      [[maybe_unused]] volatile int seen = first;
      shared.unlock_shared();
    }
    if (timed.try_lock_for(10s)) {
      second++;
      timed.unlock();
    }
  }
  sem_post(&semaphore);
}

static void *sleepless(void *value) {
  *static_cast<int *>(value) = 3;
  return nullptr;
}

static timespec inTenSeconds() {
  timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += 10;
  return end;
}

int main() {
  sem_init(&semaphore, 0, 0);
  std::thread other(work);
  work();
  timespec end = inTenSeconds();
  sem_wait(&semaphore);
  sem_clockwait(&semaphore, CLOCK_MONOTONIC, &end);
  other.join();
  int value = 0;
  pthread_t joined;
  pthread_create(&joined, nullptr, sleepless, &value);
  end = inTenSeconds();
  pthread_clockjoin_np(joined, nullptr, CLOCK_MONOTONIC, &end);
  return first + second + value == 403 ? 0 : 1;
}
