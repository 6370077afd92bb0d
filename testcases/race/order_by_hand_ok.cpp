// SPDX-License-Identifier: MIT
// RUN: %gordian_cxx -std=c++20 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=data-race %s < %t.txt
//
// Orders that are no locks: none may be taken for an accident.
#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <pthread.h>
#include <semaphore>
#include <shared_mutex>
#include <thread>
#include <unistd.h>
#include <vector>

static int data[12];

struct SpinLock {
  std::atomic_flag taken = ATOMIC_FLAG_INIT;
  void lock() {
    while (taken.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() { taken.clear(std::memory_order_release); }
};

struct Once {
  int value;
  Once() : value(data[8]) {}
};
static Once &instance() {
  static Once once;
  return once;
}

int main() {
  int sum = 0;
  { // creation and join
    data[0] = 1;
    std::thread t([] { data[0]++; });
    t.join();
    sum += data[0];
  }
  { // semaphore
    std::counting_semaphore<1> units(0);
    std::thread t([&] {
      data[1] = 1;
      units.release();
    });
    units.acquire();
    sum += data[1];
    t.join();
  }
  { // latch
    std::latch both(2);
    std::thread t([&] {
      data[2] = 1;
      both.arrive_and_wait();
    });
    both.arrive_and_wait();
    sum += data[2]++;
    t.join();
  }
  { // future
    std::promise<int> promise;
    std::thread t([&] {
      data[3] = 1;
      promise.set_value(1);
    });
    sum += promise.get_future().get() * data[3]++;
    t.join();
  }
  { // a lock of one's own
    SpinLock lock;
    auto add = [&] {
      for (int i = 0; i < 100; i++) {
        std::lock_guard<SpinLock> g(lock);
        data[4]++;
      }
    };
    std::thread a(add), b(add);
    a.join();
    b.join();
    sum += data[4];
  }
  { // barrier
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, nullptr, 2);
    std::thread t([&] {
      data[5] = 1;
      pthread_barrier_wait(&barrier);
      data[6]++;
    });
    pthread_barrier_wait(&barrier);
    sum += data[5]++;
    t.join();
    pthread_barrier_destroy(&barrier);
  }
  { // a pipe
    int ends[2];
    char byte = 0;
    if (pipe(ends) != 0)
      return 1;
    std::thread t([&] {
      data[7] = 1;
      if (write(ends[1], &byte, 1) != 1)
        abort();
    });
    char got;
    if (read(ends[0], &got, 1) == 1)
      sum += data[7]++;
    t.join();
  }
  { // a static initialised once
    data[8] = 1;
    std::thread a([&] { instance().value += 0; });
    a.join();
    sum += instance().value;
  }
  { // a double-checked atomic pointer
    std::mutex guard;
    std::atomic<int *> made{nullptr};
    auto get = [&] {
      int *p = made.load(std::memory_order_acquire);
      if (!p) {
        std::lock_guard<std::mutex> g(guard);
        p = made.load(std::memory_order_relaxed);
        if (!p) {
          data[9] = 1;
          p = &data[9];
          made.store(p, std::memory_order_release);
        }
      }
      return *p;
    };
    std::thread a([&] { get(); }), b([&] { get(); });
    a.join();
    b.join();
    sum += get();
  }
  { // readers and a writer
    std::shared_mutex shared;
    auto read = [&] {
      std::shared_lock<std::shared_mutex> g(shared);
      return data[10];
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; i++)
      threads.emplace_back([&] {
        read();
        std::unique_lock<std::shared_mutex> g(shared);
        data[10]++;
      });
    for (std::thread &t : threads)
      t.join();
    sum += read();
  }
  return sum == 212 ? 0 : 2;
}
