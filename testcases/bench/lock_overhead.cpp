// SPDX-License-Identifier: MIT
//
// One acquisition and release, in nanoseconds: of a free std::mutex by nesting depth, number of locks and
// number of threads; of a free read-write lock, recursive mutex and semaphore; of a mutex that several
// threads want; and one turn of two threads that wake each other. Run it with and without the preload
// (lock_overhead.py does, in turn) to get what the runtime costs.
//
// Each thread has locks of its own. A thread that stays parked keeps the C library on its atomic path: a
// process that never made a thread locks without atomics (3.5 ns), which no program that needs a deadlock
// detector does.
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <semaphore.h>
#include <shared_mutex>
#include <thread>

namespace {

/// Takes `depth` neighbouring locks, in order, and releases them in reverse.
inline void nest(std::mutex *lock, size_t depth) {
  for (size_t i = 0; i < depth; i++)
    lock[i].lock();
  for (size_t i = depth; i-- > 0;)
    lock[i].unlock();
}

constexpr size_t kMaxLocks = 100'000;

/// The thread's own locks, the same ones in each repetition: each new lock is a record in the trace, and what
/// is measured here is not that.
template <class Lock>
Lock *ringOf(const benchmark::State &state) {
  static std::unique_ptr<Lock[]> rings[4];
  std::unique_ptr<Lock[]> &ring = rings[state.thread_index()];
  if (!ring)
    ring = std::make_unique<Lock[]>(kMaxLocks);
  return ring.get();
}

/// Goes round a ring of `locks`. What a lock costs once, when it is seen for the first time, is not measured
/// here.
void lockUnlock(benchmark::State &state) {
  const auto depth = size_t(state.range(0)), locks = size_t(state.range(1));
  std::mutex *ring = ringOf<std::mutex>(state);
  for (size_t at = 0; at + depth <= locks; at += depth)
    nest(&ring[at], depth);
  size_t at = 0;
  for (auto _ : state) {
    nest(&ring[at], depth);
    at = at + 2 * depth > locks ? 0 : at + depth;
  }
  state.SetItemsProcessed(state.iterations() * int64_t(depth));
}

template <void (std::shared_mutex::*Lock)(), void (std::shared_mutex::*Unlock)()>
void rwlock(benchmark::State &state) {
  const auto locks = size_t(state.range(0));
  std::shared_mutex *ring = ringOf<std::shared_mutex>(state);
  for (size_t at = 0; at < locks; at++)
    (ring[at].*Lock)(), (ring[at].*Unlock)();
  size_t at = 0;
  for (auto _ : state) {
    (ring[at].*Lock)(), (ring[at].*Unlock)();
    at = at + 1 < locks ? at + 1 : 0;
  }
  state.SetItemsProcessed(state.iterations());
}
void readLock(benchmark::State &state) {
  rwlock<&std::shared_mutex::lock_shared, &std::shared_mutex::unlock_shared>(state);
}
void writeLock(benchmark::State &state) {
  rwlock<&std::shared_mutex::lock, &std::shared_mutex::unlock>(state);
}

void recursive(benchmark::State &state) {
  std::recursive_mutex m;
  for (auto _ : state)
    m.lock(), m.unlock();
  state.SetItemsProcessed(state.iterations());
}

void semaphore(benchmark::State &state) {
  sem_t s;
  sem_init(&s, 0, 1);
  for (auto _ : state)
    sem_wait(&s), sem_post(&s);
  state.SetItemsProcessed(state.iterations());
}

std::mutex wanted;
int shared = 0;

/// A short critical section and four times as much work beside it.
void contended(benchmark::State &state) {
  const auto work = [](int rounds) {
    for (int i = 0; i < rounds; i++)
      benchmark::DoNotOptimize(i);
  };
  for (auto _ : state) {
    {
      std::lock_guard lock(wanted);
      shared++;
      work(50);
    }
    work(200);
  }
  state.SetItemsProcessed(state.iterations());
}

void pingPong(benchmark::State &state) {
  std::mutex m;
  std::condition_variable mine, yours;
  int turn = 0; // 2: over
  std::thread partner([&] {
    std::unique_lock lock(m);
    for (;;) {
      yours.wait(lock, [&] { return turn != 0; });
      if (turn == 2)
        return;
      turn = 0;
      mine.notify_one();
    }
  });
  for (auto _ : state) {
    std::unique_lock lock(m);
    turn = 1;
    yours.notify_one();
    mine.wait(lock, [&] { return turn == 0; });
  }
  {
    std::lock_guard lock(m);
    turn = 2;
  }
  yours.notify_one();
  partner.join();
  state.SetItemsProcessed(state.iterations());
}

} // namespace

BENCHMARK(lockUnlock)->ArgNames({"depth", "locks"})->Args({1, 1})->Args({2, 2})->Args({4, 4})->Args({16, 16});
BENCHMARK(lockUnlock)
    ->ArgNames({"depth", "locks"})
    ->Args({1, 1})
    ->Args({2, 2})
    ->Args({16, 16})
    ->Args({1, 100'000})
    ->Threads(2)
    ->Threads(4);
BENCHMARK(lockUnlock)
    ->ArgNames({"depth", "locks"})
    ->Args({1, 100})
    ->Args({1, 1000})
    ->Args({1, 10'000})
    ->Args({1, 100'000})
    ->Args({2, 100'000})
    ->Args({4, 100'000})
    ->Args({16, 100'000});
BENCHMARK(readLock)->ArgName("locks")->Arg(1)->Arg(1000);
BENCHMARK(writeLock)->ArgName("locks")->Arg(1)->Arg(1000);
BENCHMARK(recursive);
BENCHMARK(semaphore);
BENCHMARK(contended)->Threads(2)->Threads(4)->UseRealTime();
BENCHMARK(pingPong)->UseRealTime();

int main(int argc, char **argv) {
  std::mutex m;
  std::condition_variable over;
  bool done = false;
  std::thread parked([&] {
    std::unique_lock lock(m);
    over.wait(lock, [&] { return done; });
  });
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  {
    std::lock_guard lock(m);
    done = true;
  }
  over.notify_one();
  parked.join();
}
