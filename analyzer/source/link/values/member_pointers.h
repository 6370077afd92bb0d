// SPDX-License-Identifier: MIT
//
// Pointer and reference members that always point to the same place: bound by every constructor, written by
// nothing else, to a member of the same object or to a global.
//
//   struct Store { Mutex mutex; CondVar done; Store() : done(&mutex) {} };      CondVar keeps a Mutex *mu
//
// gives (Store::done, CondVar::mu) -> (Store::mutex): what `done.mu` of a Store points to is the `mutex` of
// the same Store. What a constructor hands to the constructors of bases and members is followed. A global
// object's members are bound by its initialiser in the same way.
//
// Errs: may miss (several constructors that disagree, copy constructors that copy the pointer, pointers that
// an init function sets). Nothing is said of a class whose constructors are not all known.
#ifndef GORDIAN_SOURCE_LINK_VALUES_MEMBER_POINTERS_H
#define GORDIAN_SOURCE_LINK_VALUES_MEMBER_POINTERS_H

#include "source/link/program/program.h"

#include <functional>
#include <map>

namespace gordian::link {

using FieldRef = std::pair<ClassId, uint32_t>;

/// A place relative to an object, or in a global.
struct FixedPlace {
  GlobalId global = kNone; // kNone: relative to the object
  std::vector<FieldRef> fields;
  friend auto operator<=>(const FixedPlace &, const FixedPlace &) = default;
};

class MemberPointers {
public:
  struct Fixed {
    FixedPlace from, to;
  };
  MemberPointers() = default;
  /// `changes`: whether anything but a constructor writes the field.
  MemberPointers(const Program &program, const std::function<bool(FieldRef)> &changes);
  /// Those whose last field it is; the longest first.
  const std::vector<Fixed> *endingIn(FieldRef last) const {
    auto it = byLast.find(last);
    return it == byLast.end() ? nullptr : &it->second;
  }

private:
  std::map<FieldRef, std::vector<Fixed>> byLast;
};

} // namespace gordian::link

#endif
