// SPDX-License-Identifier: MIT
//
// Predicts data races that this run did not show. ThreadSanitizer reports two conflicting accesses that no
// chain of synchronisation orders; but a chain may be an accident: a thread that released a lock just before
// another one took it orders all that came before with all that came after, though neither cares. Here such
// an order counts only where the program's behaviour may depend on it.
//
// A reordering of (a prefix of) the observed run is another run of the same program if each thread does the
// same in it up to some point, each read finds what it found, locks exclude, and threads are created, joined
// and woken in order
// ("correct reordering"; Said et al. 2011; Mathur, Pavlogiannis, Viswanathan, "Optimal prediction of
// synchronization- preserving races", POPL 2021; Shi, Mathur, Pavlogiannis, "Optimistic prediction of
// synchronization-reversal data races", ICSE 2024). Two conflicting accesses race if some correct reordering
// ends with both threads about to make theirs. Then the race is real: it needs no further assumption.
//
// What must stay ordered is kept as vector clocks of segments (history.h):
//   - thread order, creation, join, and everything that is not a lock: atomics, condition variables,
//   semaphores,
//     barriers, once, annotations, system input and output (send, receive)
//   - conflicting accesses: what one wrote and another read or wrote again, and what one read and another
//   wrote. This is
//     more than correct reorderings ask for; it makes every linearisation of the clocks keep all reads.
//   - lock critical sections in which uninstrumented code ran (opaque): what they read and wrote is not
//   known, so
//     they stay ordered as they were
// but not: release and acquisition of a lock as such. feasible() looks for a reordering (feasible.h).
//
// Errs to missing: whole segments are ordered where an access was; orders are kept that need not be; what the
// rings have lost is taken for ordered; bounded search. Cannot cry wolf as long as all accesses and
// synchronisation of the program are seen; what is not seen is what the compiler pass cannot see either
// (docs/instrument.md).
#ifndef GORDIAN_INSTRUMENT_PREDICT_ENGINE_H
#define GORDIAN_INSTRUMENT_PREDICT_ENGINE_H

#include "predict/sync_clock.h"

namespace gordian::predict {

constexpr unsigned kMaxHeld = 64;

struct Point {
  Tid thread;
  Segment segment;
};

struct Lock {
  SpinLock mutex;
  std::atomic<uint32_t> acquisitions{0};
  // Each thread's latest acquisition: {thread, segment} pairs.
  uint32_t *latest = nullptr;
  uint32_t threads = 0;
  uint32_t room = 0;
  SyncClock opaque; // of the critical sections that ran uninstrumented code
};

struct LiveLock {
  LockId lock;
  Segment acquired;
  uint32_t levels;
  bool shared;
  bool opaque;
};

class Thread {
public:
  Tid tid = 0;
  History history;
  Segment segment() const { return history.current(); }
  unsigned heldCount() const { return liveCount_; }

private:
  friend class Engine;
  friend class Prefix;

  // The current segment's clock. The owner writes it, under history.mutex where others may look.
  uint32_t *now_ = nullptr;
  uint32_t width_ = 0;
  uint32_t *scratch_ = nullptr; // kMaxThreads components
  LiveLock live_[kMaxHeld];
  unsigned liveCount_ = 0;
  // Nothing was done in the current segment, and its clock is that of the segment before.
  bool fresh_ = false;
};

struct Limits {
  unsigned segmentBits = 14; // segments kept for each thread
  unsigned clockBits = 18;   // words of clocks kept for each thread
  uint32_t locks = 1u << 20;
  unsigned searchSteps = 4000;
};

class Engine {
public:
  /// False where there is no memory: then it stays off.
  bool init(const Limits &limits);

  /// Once off, it stays off; whatever it would have to guess from then on is not said.
  bool on() const { return on_.load(std::memory_order_relaxed); }
  void off() { on_.store(false, std::memory_order_relaxed); }

  // Each of these is called by the thread concerned.

  /// A new thread; `creator` is null for the first. Null when there are too many: the engine is off then.
  Thread *start(Thread *creator);
  /// The thread has ended, and `waiter` knows. `known` is false where it may be running yet (then it is taken
  /// for ordered all the same, as far as it got).
  void join(Thread &waiter, Tid ended, bool known);
  /// No other thread runs, and all that ran are ordered before this one: whatever it does now is ordered with
  /// everything, and need not be told.
  bool alone() const { return running_.load(std::memory_order_relaxed) == 1; }

  LockId newLock();
  void acquire(Thread &thread, LockId lock, bool shared);
  void release(Thread &thread, LockId lock);
  /// The thread does something in its current segment.
  void touch(Thread &thread) { thread.fresh_ = false; }
  /// Uninstrumented code runs now: the critical sections that the thread is in are opaque.
  void opaque(Thread &thread);

  /// All that the thread did so far is ordered before all that follows a later receive.
  void send(Thread &thread, SyncClock &clock);
  void receive(Thread &thread, SyncClock &clock);

  /// Is the point ordered before the thread's current segment, whatever the schedule?
  bool ordered(const Thread &thread, Point point) const {
    return point.thread == thread.tid ||
           (point.thread < thread.width_ && thread.now_[point.thread] >= point.segment);
  }
  /// From now on it is.
  void order(Thread &thread, Point point);
  /// Likewise for all points of the clock, from the beginning of the current segment on.
  void orderAfter(Thread &thread, SyncClock &clock);

  /// Do point and thread hold a lock in common that excludes them from each other? True where it is not
  /// known.
  bool exclusive(Point point, const Thread &thread);
  /// Is there another run of the program in which the two are about to happen at the same time?
  bool feasible(Point point, Thread &thread);

  WordPool &pool() { return pool_; }

private:
  friend class Prefix;

  unsigned threadCount() const { return threadCount_.load(std::memory_order_acquire); }
  bool readNews(Thread &thread, SyncClock &clock, uint32_t &width);
  void begin(Thread &thread, const Operation &op);
  void beginFresh(Thread &thread);
  bool raiseClock(Thread &thread, const uint32_t *clock, uint32_t width);
  void readClock(Thread &from, Segment segment, uint32_t *out, uint32_t &width);
  void publishClock(Thread &thread);
  bool noteLatest(Lock &lock, Tid thread, Segment segment, Segment &previous);
  Segment latest(Lock &lock, Tid thread);
  LiveLock *findLive(Thread &thread, LockId lock);

  std::atomic<bool> on_{false};
  Limits limits_;
  WordPool pool_;
  Thread *threads_ = nullptr;
  std::atomic<unsigned> threadCount_{0};
  std::atomic<int> running_{0}; // started and not joined
  Lock *locks_ = nullptr;
  std::atomic<uint32_t> lockCount_{0};
  SpinLock searching_;
  uint32_t *searchMemory_ = nullptr; // Prefix's, under searching_
};

} // namespace gordian::predict

#endif
