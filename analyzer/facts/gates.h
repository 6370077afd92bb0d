// SPDX-License-Identifier: MIT
//
// Gates: which members of a candidate cycle can stand where the cycle wants them at one time.
//
// A member is an acquisition with one of its held locks chosen as the source: "holds the source, asks for the
// target". A cycle needs all its members at once, each at its request with everything held that it holds. Two
// members that hold a common lock in conflicting modes exclude each other: that lock is a *gate*. Two readers
// of a common lock do not.
//
// Whether two members hold the *same* lock is plain for run-time locks. A source lock may stand for many
// objects; then the objects are told apart by unification (class Instances): what one member asks for is what
// the next one holds, and locks that a fact says are members of one object (Held::object, Relation::Same)
// stay together.
//
// Errs: a gate that is held on some paths only (must == false), or whose objects may differ, does not drop a
// cycle but lowers its rank (may cry wolf); a gate held for sure drops it, which is exact as long as the
// front end's "must" is.
#ifndef GORDIAN_FACTS_GATES_H
#define GORDIAN_FACTS_GATES_H

#include "facts/facts.h"

#include <vector>

namespace gordian::facts {

/// Two holders in these modes exclude each other; a holder in the one makes a requester in the other wait.
inline bool conflicts(Mode a, Mode b) {
  return a == Mode::Exclusive || b == Mode::Exclusive;
}

/// One member of a cycle: holds `acquire->held[source]`, asks for `acquire->lock`.
struct Member {
  const Acquire *acquire = nullptr;
  uint32_t source = 0;

  const Held &held() const { return acquire->held[source]; }
  LockId from() const { return held().lock; }
  LockId to() const { return acquire->lock; }
  friend bool operator==(const Member &, const Member &) = default;
};

/// Which objects the locks of a cycle's members belong to, as far as the facts tell.
class Instances {
public:
  /// `members` in cycle order: each one's target is the next one's source.
  Instances(const std::vector<Lock> &locks, const std::vector<Member> &members);

  enum class Answer { Same, Different, Unknown };
  /// Do held lock `h` of member `i` and held lock `g` of member `j`, of one LockId, name one object?
  Answer same(size_t i, size_t h, size_t j, size_t g) const;

  /// The members' relations cannot all hold in a cycle of this length: one says "two objects" of what the
  /// others make one. Only a longer chain through further objects could close.
  bool contradictory() const { return contradiction; }

private:
  size_t node(size_t member, size_t occurrence) const { return first[member] + occurrence; }
  size_t find(size_t n) const;
  void unite(size_t a, size_t b);

  const std::vector<Lock> &locks;
  const std::vector<Member> &members;
  std::vector<size_t> first; // of each member: its target, then its held locks
  mutable std::vector<size_t> parent;
  bool contradiction = false;
};

/// How far the members exclude each other.
enum class Exclusion {
  None,
  Possible, // by a lock that may be one gate: held on some paths only, or possibly of another object
  Certain,
};
Exclusion exclusion(const std::vector<Lock> &locks, const std::vector<Member> &members,
                    const Instances &instances);

/// Do the two acquisitions hold a lock, for sure and of one object, in conflicting modes? For facts that are
/// no cycle.
bool gated(const std::vector<Lock> &locks, const std::vector<Held> &a, const std::vector<Held> &b);

/// Every member steps one way: from a lock of an object to one of the same class that is reached from it, or
/// that follows it in an enforced order (or precedes it, but then all do), or to another lock of the same
/// object; and at least one of them does move. Such a chain never returns. Errs to missing where a structure
/// is walked in two directions (next and prev), and where one place orders by address and another by id.
bool descends(const std::vector<Lock> &locks, const std::vector<Member> &members, bool contradictory);

} // namespace gordian::facts

#endif
