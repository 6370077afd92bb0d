// SPDX-License-Identifier: MIT
//
// Locks of a state: acquire, release, and what is recorded of them.
//
// Which held lock a release means: the one with the same path; else the one with the same path if reads at
// different times give the same; else one of several rounds of a loop; else, if one of the two paths starts
// at something opaque, a held lock of the same class and field (may miss a release of the wrong object). A
// release that matches nothing releases what the caller held: whether anyone did is judged when all callers
// are known.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_LOCKS_H
#define GORDIAN_SOURCE_LINK_SUMMARY_LOCKS_H

#include "source/link/summary/conditions.h"
#include "source/link/summary/recorder.h"

namespace gordian::link {

/// A request for a lock: by a row of the tables, or by what a callee does.
struct LockRequest {
  Sym path = kNoSym;
  Mode mode = Mode::Exclusive;
  facts::LockKind kind = facts::LockKind::Mutex;
  Waits waits = Waits::Forever;
  Sym result = kNoSym; // tells the success, kNoSym: nobody looks at it
  Success success = Success::Always;
};

/// What a state says of every request that is noted in it.
class Locks {
public:
  Locks(Context &c, const Frame &f, Recorder &r) : context(c), frame(f), syms(c.syms), recorder(r) {}

  void acquire(State &s, const LockRequest &r, uint32_t site) const;
  Surroundings surroundings(const State &s) const;
  /// Locks of the caller that are not held any more.
  static std::vector<Sym> releasedFromCaller(const State &s);
  /// Records the request without taking the lock; `r.witness` is the callee's.
  void addPassed(const State &s, Sym requested, std::vector<HeldHere> &held) const;
  void note(const State &s, const Surroundings &around, Request r, uint32_t site) const;
  /// Whether `note` would change nothing, whatever the request's conditions are.
  bool saysNothingNew(const State &s, const Surroundings &around, const Request &r) const;
  void take(State &s, const LockRequest &r, WitnessId witness) const;
  void release(State &s, Sym path, Mode mode, bool anyMode, facts::LockKind kind, uint32_t site,
               WitnessId inner) const;
  /// Several locks at once, in an order that cannot deadlock.
  void acquireAll(State &s, const std::vector<LockRequest> &all, uint32_t site) const;

  LockState *find(State &s, Sym path) const;
  const LockState *find(const State &s, Sym path) const { return find(const_cast<State &>(s), path); }
  /// Certainly one lock.
  bool same(Sym a, Sym b) const;
  /// A release of what was only tried to take, and no branch looked at the result.
  void noteUntested(const State &s, Sym path, uint32_t site) const;
  bool isEarlierRound(Sym held, Sym requested) const;
  Between chosen(Sym x, Sym y) const;
  Between between(const State &s, Sym held, Sym requested) const;
  std::vector<HeldHere> heldNow(const State &s, Sym requested = kNoSym,
                                const std::vector<Sym> *released = nullptr) const;
  /// What has been asked for without a way out on this path, since `unit` was taken if it is one that is
  /// held.
  std::vector<HeldHere> askedFor(const State &s, Sym unit = kNoSym) const;
  /// The object that has the lock: the path without the fields that lead to it.
  Sym objectOf(Sym path) const;
  /// After a back edge: locks whose paths became vague stand for many.
  void settleAged(State &s) const;

private:
  LockState *findAlias(State &s, Sym path) const;
  void noteReacquire(const State &s, const Request &r, const HeldHere &h, uint32_t site,
                     WitnessId witness) const;
  std::vector<Atom> visibleAtoms(const State &s) const;
  bool ownerChecked(const State &s) const;

  Context &context;
  const Frame &frame;
  Symbols &syms;
  Recorder &recorder;
};

/// Whether a symbol means the same to the caller: it is made of parameters, globals and memory at entry.
/// Whether a caller can say it, in terms of what it gave and of memory at the call.
inline bool isVisible(const Symbols &syms, Sym s) {
  return syms.node(s).visible;
}
int tupleIndex(const ir::Function &f);

} // namespace gordian::link

#endif
