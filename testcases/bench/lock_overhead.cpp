// SPDX-License-Identifier: MIT
//
// One uncontended std::mutex lock and unlock, in nanoseconds, by nesting depth, number of locks and number of
// threads. Run it with and without the preload (lock_overhead.py does, in turn) to get what the runtime
// costs.
//
// Each thread has locks of its own. A thread that stays parked keeps the C library on its atomic path: a
// process that never made a thread locks without atomics (3.5 ns), which no program that needs a deadlock
// detector does.
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace {

/// Takes `depth` neighbouring locks, in order, and releases them in reverse.
inline void nest(std::mutex *lock, size_t depth) {
  for (size_t i = 0; i < depth; i++)
    lock[i].lock();
  for (size_t i = depth; i-- > 0;)
    lock[i].unlock();
}

/// Goes round a ring of `locks`. What a lock costs once, when it is seen for the first time, is not measured
/// here.
void lockUnlock(benchmark::State &state) {
  const auto depth = size_t(state.range(0)), locks = size_t(state.range(1));
  const auto ring = std::make_unique<std::mutex[]>(locks);
  for (size_t at = 0; at + depth <= locks; at += depth)
    nest(&ring[at], depth);
  size_t at = 0;
  for (auto _ : state) {
    nest(&ring[at], depth);
    at = at + 2 * depth > locks ? 0 : at + depth;
  }
  state.SetItemsProcessed(state.iterations() * int64_t(depth));
}

} // namespace

BENCHMARK(lockUnlock)->ArgNames({"depth", "locks"})->Args({1, 1})->Args({2, 2})->Args({4, 4})->Args({16, 16});
BENCHMARK(lockUnlock)->ArgNames({"depth", "locks"})->Args({1, 1})->Args({2, 2})->Threads(2)->Threads(4);
BENCHMARK(lockUnlock)
    ->ArgNames({"depth", "locks"})
    ->Args({1, 100})
    ->Args({1, 1000})
    ->Args({1, 10'000})
    ->Args({1, 100'000})
    ->Args({2, 100'000});

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
