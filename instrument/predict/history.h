// SPDX-License-Identifier: MIT
//
// What one thread has done, as far as it orders things: its segments. A segment is the stretch of a thread
// from one synchronising operation to the next, that operation included; it is the smallest thing that is
// ordered. Kept for each: the lock operation that began it, the locks held in it, and its clock.
//
// The clock of a segment says, for each other thread, up to which segment that thread must have run for this
// one to run as it did: all of what is ordered before it by thread creation and join, by what conflicting
// accesses saw of each other, and by what is not a lock (see engine.h). It grows while the segment lasts.
//
// Everything is kept in rings: what is older than the ring is lost, and is then said to be unknown. The owner
// writes; it and others hold `mutex` to look.
#ifndef GORDIAN_INSTRUMENT_PREDICT_HISTORY_H
#define GORDIAN_INSTRUMENT_PREDICT_HISTORY_H

#include "predict/system.h"

namespace gordian::predict {

using Tid = uint16_t;
using Segment = uint32_t; // counts from 1 in each thread; 0 is none
using LockId = uint32_t;  // 0 is none

constexpr unsigned kMaxThreads = 4096; // in the life of the process

struct Operation {
  LockId lock = 0;      // acquired or released; 0: another kind of operation
  bool acquire = false; // ... acquired
  bool shared = false;  // ... by a reader
  uint32_t order = 0;   // acquire: its place among all acquisitions of this lock
  Segment released = 0; // acquire: the segment that its release began; 0 while it is held
  Segment previous = 0; // acquire: this thread's acquisition of the lock before this one
  uint32_t held = 0;    // the innermost lock held in the segment: a HeldLock's number; 0: none
  uint64_t clock = 0;   // where the clock is; 0: all zero
};

/// The locks held form a list, innermost first. Lists of different segments share their ends.
struct HeldLock {
  Segment acquired = 0;
  uint32_t next = 0;
  LockId lock = 0;
  bool shared = false;
};

class History {
public:
  /// 2^bits segments, as many held locks, and 2^clockBits words of clocks are kept. False where there is no
  /// memory.
  bool init(unsigned bits, unsigned clockBits);

  /// Begins a segment with what `op` says; held locks and clock stay the same unless changed after.
  Segment begin(const Operation &op);
  Segment current() const { return current_; }

  void pushHeld(LockId lock, bool shared);
  /// False where it is not among those that are known: then nothing here is right any more.
  bool dropHeld(Segment acquired);
  /// The clock of the current segment: `width` components.
  void setClock(const uint32_t *clock, uint32_t width);

  bool knows(Segment segment) const {
    return segment != 0 && segment + kept_ > current_ && segment <= current_;
  }
  /// Only where it knows the segment.
  const Operation &at(Segment segment) const { return operations_[segment & (kept_ - 1)]; }
  Operation &at(Segment segment) { return operations_[segment & (kept_ - 1)]; }
  /// Null where it is lost.
  const HeldLock *held(uint32_t number) const {
    return number + kept_ > lastHeld_ ? &heldLocks_[number & (kept_ - 1)] : nullptr;
  }
  /// The clock's components and how many; false where it is lost. The rest is zero.
  bool clockOf(Segment segment, const uint32_t *&clock, uint32_t &width) const;

  SpinLock mutex;

private:
  uint32_t kept_ = 0; // a power of two, as is words_
  uint64_t words_ = 0;
  Operation *operations_ = nullptr;
  HeldLock *heldLocks_ = nullptr;
  uint32_t *clocks_ = nullptr; // {width, components...} each
  Segment current_ = 0;
  uint32_t lastHeld_ = 0;
  uint64_t lastWord_ = 0;
};

} // namespace gordian::predict

#endif
