// SPDX-License-Identifier: MIT
//
// Which lock guards a variable, and who breaks the habit. Programs rarely say; their accesses do (RacerX,
// Engler and Ashcraft, SOSP 2003; Coverity's "3 out of 4").
//
//   1. The accesses of a variable are counted by site; a site is guarded by a lock where the lock is held for
//   sure, in
//      a mode that suffices (a write under a shared lock does not), and not by another object's lock. The
//      lock that guards most sites is the variable's guard.
//   2. Two accesses conflict where one is a write, not both are atomic, no lock that both hold makes them
//   exclude each
//      other, and the front end's Order lets them run at once. An access may conflict with itself in another
//      thread.
//   3. A conflicting pair is a suspicion where the habit speaks for it or two threads are certain:
//        Unguarded       the guard is a habit and this access does not hold it
//        DoubleChecked   all writes are guarded, and a function reads before it acquires the guard and reads
//        again SharedWrite     a write while the guard is held shared DifferentLocks  both hold locks, but no
//        common one NoLock          certain threads, neither holds a lock
//
// A habit is: at least 3 guarded sites and 70 % of all (60 % where all writes are among them); or the guard
// is a member of the variable's own object and guards at least 2 sites and 60 %.
//
// What speaks against a suspicion multiplies to its rank (--explain-ranking); below 0.5 it is a hint: a lock
// that is held from far up the calls may be held for something else, two accesses of a class's field may be
// of two objects unless each side holds that object's own lock.
//
// Errs. May miss: a variable that is guarded less than habitually and whose threads the front end does not
// know; a variable that stands for many objects and that no lock guards (each thread may have its own); an
// unguarded pair that an atomic or a condition between the two functions may order (a hint); a function that
// locks on some of its own paths to the access; a bare read behind a test under the guard, in the one
// function that writes. May cry wolf: an object that is confined to one thread by agreement at some sites;
// order by means that leave no trace in the code.
#ifndef GORDIAN_CHECKS_GUARDED_BY_H
#define GORDIAN_CHECKS_GUARDED_BY_H

#include "facts/facts.h"

namespace gordian::checks {

struct Suspicion {
  enum class Kind { SharedWrite, Unguarded, DoubleChecked, DifferentLocks, NoLock };
  Kind kind = Kind::Unguarded;
  uint32_t variable = facts::kNone;
  const facts::Access *access = nullptr; // the one that breaks the habit
  const facts::Access *conflicting = nullptr;
  facts::LockId guard = facts::kNone;      // DifferentLocks: the lock of `access`
  facts::LockId otherGuard = facts::kNone; // DifferentLocks: the lock of `conflicting`
  unsigned support = 0, total = 0;         // guarded sites, all sites
  bool hint = false;
  std::vector<Factor> factors;
};

/// One list for each suspicious variable, the strongest suspicion first, each site once. In stable order.
std::vector<std::vector<Suspicion>> findSuspicions(const facts::Facts &facts);

} // namespace gordian::checks

#endif
