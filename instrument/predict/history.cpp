// SPDX-License-Identifier: MIT
#include "predict/history.h"

namespace gordian::predict {

bool History::init(unsigned bits, unsigned clockBits) {
  kept_ = 1u << bits;
  words_ = uint64_t(1) << clockBits;
  operations_ = reserveArray<Operation>(kept_);
  heldLocks_ = reserveArray<HeldLock>(kept_);
  clocks_ = reserveArray<uint32_t>(words_);
  lastWord_ = 1; // so that 0 means "none"
  return operations_ && heldLocks_ && clocks_;
}

Segment History::begin(const Operation &op) {
  const Operation last = current_ ? at(current_) : Operation();
  current_++;
  Operation &now = at(current_);
  now = op;
  now.held = last.held;
  now.clock = last.clock;
  return current_;
}

void History::pushHeld(LockId lock, bool shared) {
  Operation &now = at(current_);
  lastHeld_++;
  heldLocks_[lastHeld_ & (kept_ - 1)] = {current_, now.held, lock, shared};
  now.held = lastHeld_;
}

bool History::dropHeld(Segment acquired) {
  // Those acquired after it stay: they are copied, in their order, onto what was held before it.
  constexpr int kDeepest = 64;
  HeldLock above[kDeepest];
  int count = 0;
  Operation &now = at(current_);
  uint32_t number = now.held;
  const HeldLock *lock = held(number);
  for (; number && lock && lock->acquired != acquired && count < kDeepest; lock = held(number)) {
    above[count++] = *lock;
    number = lock->next;
  }
  if (!number || !lock || lock->acquired != acquired)
    return false;
  now.held = lock->next;
  while (count-- > 0) {
    lastHeld_++;
    HeldLock copy = above[count];
    copy.next = now.held;
    heldLocks_[lastHeld_ & (kept_ - 1)] = copy;
    now.held = lastHeld_;
  }
  return true;
}

void History::setClock(const uint32_t *clock, uint32_t width) {
  if ((lastWord_ & (words_ - 1)) + width + 1 > words_) // one record lies in one piece
    lastWord_ = (lastWord_ | (words_ - 1)) + 1;
  uint32_t *record = &clocks_[lastWord_ & (words_ - 1)];
  record[0] = width;
  for (uint32_t i = 0; i < width; i++)
    record[i + 1] = clock[i];
  at(current_).clock = lastWord_;
  lastWord_ += width + 1;
}

bool History::clockOf(Segment segment, const uint32_t *&clock, uint32_t &width) const {
  if (!knows(segment))
    return false;
  const uint64_t where = at(segment).clock;
  width = 0;
  if (where == 0)
    return true;
  if (where + words_ < lastWord_) // written over
    return false;
  const uint32_t *record = &clocks_[where & (words_ - 1)];
  width = record[0];
  clock = record + 1;
  return true;
}

} // namespace gordian::predict
