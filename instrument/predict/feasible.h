// SPDX-License-Identifier: MIT
//
// Looks for a correct reordering of the observed run (engine.h) that ends with two threads about to make two
// given accesses, a in segment a.segment and b in segment b.segment.
//
//   1. Close. The prefix holds, of each thread, its segments up to a limit. At first only what is ordered
//   before a and
//      b; a's and b's own threads stop inside the two segments, before the accesses. Everything ordered
//      before what is in the prefix joins it. Where two threads end inside critical sections of one lock, one
//      of the two sections is run to its end (never a's or b's, that would run past the access): the earlier
//      one, as it was observed. Repeat. Refuted where a or b would have to come before the other.
//   2. Order. If each section that stays open was the last of its lock within the prefix, the prefix in the
//   observed
//      order is the reordering (synchronisation-preserving). Where others held the lock after an open
//      section, they must come first: the thread's part from that acquisition on (its tail) is moved behind
//      everything else, the tails among themselves in the observed order. That is a correct reordering if
//      nothing outside a tail is ordered after anything in it, and no lock is taken in a tail that is held by
//      another thread at that point.
//
// A prefix larger than it need be is still right; the search gives up (refuted) where something needed is
// lost, at searchSteps, or where tails would have to be interleaved otherwise than observed.
#ifndef GORDIAN_INSTRUMENT_PREDICT_FEASIBLE_H
#define GORDIAN_INSTRUMENT_PREDICT_FEASIBLE_H

#include "predict/engine.h"

namespace gordian::predict {

class Prefix {
public:
  /// Uses the engine's search memory: one at a time.
  Prefix(Engine &engine, Point a, Point b);
  bool find() { return close() && order(); }

private:
  struct Open {
    Tid thread;
    Segment acquired;
    LockId lock;
    uint32_t order;
    bool shared;
  };
  static constexpr unsigned kMaxOpen = 256;

  bool close();
  bool include(unsigned thread, bool &changed);
  bool raise(unsigned from, unsigned thread, Segment segment, bool &changed);
  bool endOneConflict(bool &changed);
  bool endSection(const Open &section);

  bool order();
  bool makeTails(bool &changed);
  bool tailsDependOnNothingLater();
  bool tailsFindTheirLocks();
  bool sectionsBetween(const Open &section, unsigned thread, Segment after, Segment upTo, bool &later,
                       bool &earlier);

  bool collectHeld(unsigned thread, Segment segment);
  bool isAccess(unsigned thread) const { return thread == a_.thread || thread == b_.thread; }
  /// The last segment of the thread that is not moved.
  Segment unmoved(unsigned thread) const { return tail_[thread] ? tail_[thread] - 1 : limit_[thread]; }
  bool step() { return steps_ > 0 && steps_-- > 0; }

  Engine &engine_;
  const Point a_, b_;
  const unsigned threads_;
  uint32_t *const limit_; // by thread; 0: nothing of it is in the prefix
  uint32_t *const tail_;  // by thread: where its tail begins; 0: nowhere
  Open open_[kMaxOpen];
  unsigned opens_ = 0;
  unsigned steps_;
};

} // namespace gordian::predict

#endif
