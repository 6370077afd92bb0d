// SPDX-License-Identifier: MIT
#include "predict/feasible.h"

namespace gordian::predict {

Prefix::Prefix(Engine &engine, Point a, Point b)
    : engine_(engine), a_(a), b_(b), threads_(engine.threadCount()), limit_(engine.searchMemory_),
      tail_(engine.searchMemory_ + kMaxThreads), steps_(engine.limits_.searchSteps) {
  for (unsigned t = 0; t < threads_; t++)
    limit_[t] = tail_[t] = 0;
  limit_[a.thread] = a.segment;
  limit_[b.thread] = b.segment;
}

// ---------------------------------------------------------------------------------------------------------------
// 1. Close

/// Something in thread `from` needs `thread` up to `segment`.
bool Prefix::raise(unsigned from, unsigned thread, Segment segment, bool &changed) {
  if (isAccess(thread))
    return thread == from ||
           segment < limit_[thread]; // the whole of the last segment would contain the access
  if (segment > limit_[thread]) {
    limit_[thread] = segment;
    changed = true;
  }
  return true;
}

bool Prefix::include(unsigned thread, bool &changed) {
  History &history = engine_.threads_[thread].history;
  SpinGuard guard(history.mutex);
  const uint32_t *clock = nullptr;
  uint32_t width = 0;
  if (!step() || !history.clockOf(limit_[thread], clock, width))
    return false;
  for (uint32_t t = 0; t < width && t < threads_; t++)
    if (clock[t] && !raise(thread, t, clock[t], changed))
      return false;
  return true;
}

/// Adds the locks that the thread holds in the segment to open_.
bool Prefix::collectHeld(unsigned thread, Segment segment) {
  History &history = engine_.threads_[thread].history;
  SpinGuard guard(history.mutex);
  if (!history.knows(segment))
    return false;
  for (uint32_t number = history.at(segment).held; number;) {
    const HeldLock *held = history.held(number);
    if (!held || !history.knows(held->acquired) || opens_ == kMaxOpen || !step())
      return false;
    open_[opens_++] = {Tid(thread), held->acquired, held->lock, history.at(held->acquired).order,
                       held->shared};
    number = held->next;
  }
  return true;
}

bool Prefix::endSection(const Open &section) {
  if (isAccess(section.thread))
    return false;
  History &history = engine_.threads_[section.thread].history;
  SpinGuard guard(history.mutex);
  const Segment released = history.knows(section.acquired) ? history.at(section.acquired).released : 0;
  if (released <= limit_[section.thread]) // not released yet
    return false;
  limit_[section.thread] = released;
  return true;
}

bool Prefix::endOneConflict(bool &changed) {
  opens_ = 0;
  for (unsigned t = 0; t < threads_; t++)
    if (limit_[t] && !collectHeld(t, limit_[t]))
      return false;
  for (unsigned i = 0; i < opens_; i++)
    for (unsigned j = i + 1; j < opens_; j++) {
      const Open &x = open_[i], &y = open_[j];
      if (x.lock != y.lock || x.thread == y.thread || (x.shared && y.shared))
        continue;
      const bool endX = isAccess(y.thread) || (!isAccess(x.thread) && x.order < y.order);
      changed = true;
      return endSection(endX ? x : y);
    }
  return true;
}

bool Prefix::close() {
  bool changed;
  do {
    do {
      changed = false;
      for (unsigned t = 0; t < threads_; t++)
        if (limit_[t] && !include(t, changed))
          return false;
    } while (changed);
    if (!endOneConflict(changed))
      return false;
  } while (changed);
  return true;
}

// ---------------------------------------------------------------------------------------------------------------
// 2. Order

/// Of the thread's critical sections of the section's lock that exclude it, acquired in (after, upTo]: was
/// one acquired later than the section, was one acquired earlier? False where that is not known.
bool Prefix::sectionsBetween(const Open &section, unsigned thread, Segment after, Segment upTo, bool &later,
                             bool &earlier) {
  Segment segment = engine_.latest(engine_.locks_[section.lock], Tid(thread));
  History &history = engine_.threads_[thread].history;
  SpinGuard guard(history.mutex);
  while (segment > after) {
    if (!step() || !history.knows(segment))
      return false;
    const Operation &op = history.at(segment);
    if (segment <= upTo && !(op.shared && section.shared))
      (op.order > section.order ? later : earlier) = true;
    // Those before are earlier still; who asks for later ones only is done.
    if (op.order < section.order && after == 0)
      break;
    segment = op.previous;
  }
  return true;
}

/// Moves behind everything else what must come after other sections of its lock.
bool Prefix::makeTails(bool &changed) {
  changed = false;
  for (unsigned t = 0; t < threads_; t++) {
    if (!limit_[t] || unmoved(t) == 0)
      continue;
    opens_ = 0;
    if (!collectHeld(t, unmoved(t)))
      return false;
    for (unsigned i = 0; i < opens_; i++)
      for (unsigned other = 0; other < threads_; other++) {
        bool later = false, earlier = false;
        if (other == t || !limit_[other])
          continue;
        if (!sectionsBetween(open_[i], other, 0, unmoved(other), later, earlier))
          return false;
        if (later && (tail_[t] == 0 || open_[i].acquired < tail_[t])) {
          tail_[t] = open_[i].acquired;
          changed = true;
        }
      }
  }
  return true;
}

bool Prefix::tailsDependOnNothingLater() {
  for (unsigned t = 0; t < threads_; t++) {
    if (!limit_[t] || unmoved(t) == 0)
      continue;
    History &history = engine_.threads_[t].history;
    SpinGuard guard(history.mutex);
    const uint32_t *clock = nullptr;
    uint32_t width = 0;
    if (!history.clockOf(unmoved(t), clock, width))
      return false;
    for (unsigned moved = 0; moved < threads_ && moved < width; moved++)
      if (moved != t && tail_[moved] && clock[moved] >= tail_[moved])
        return false;
  }
  return true;
}

/// Each lock taken in a tail must be free then.
bool Prefix::tailsFindTheirLocks() {
  for (unsigned t = 0; t < threads_; t++) {
    if (!limit_[t])
      continue;
    // What t holds when the tails begin, and what it holds at its end.
    opens_ = 0;
    if (unmoved(t) && !collectHeld(t, unmoved(t)))
      return false;
    const unsigned before = opens_;
    if (tail_[t] && !collectHeld(t, limit_[t]))
      return false;
    for (unsigned i = 0; i < opens_; i++)
      for (unsigned other = 0; other < threads_; other++) {
        if (other == t || !tail_[other])
          continue;
        bool later = false, earlier = false;
        if (!sectionsBetween(open_[i], other, unmoved(other), limit_[other], later, earlier))
          return false;
        bool kept = i >= before || !tail_[t]; // to the end of the prefix
        for (unsigned k = before; k < opens_ && !kept; k++)
          kept = open_[k].acquired == open_[i].acquired;
        // Held from before the tails on: an earlier section would come after it. Kept: a later one would.
        if ((i < before && earlier) || (kept && later))
          return false;
      }
  }
  return true;
}

bool Prefix::order() {
  bool changed;
  do {
    if (!makeTails(changed))
      return false;
  } while (changed);
  return tailsDependOnNothingLater() && tailsFindTheirLocks();
}

} // namespace gordian::predict
