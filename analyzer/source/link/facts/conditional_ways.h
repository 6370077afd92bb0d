// SPDX-License-Identifier: MIT
//
// Ways that are taken on a condition which is not followed to where it is decided.
//
// The last reference: `if (--node->refs == 0) destroy(node)`. Whoever holds a lock of the object, or of its
// owner, mostly holds a reference besides, so that the way is none. A count is known by its name (may miss; a
// field of such a name that is no count ranks a finding lower than it deserves).
//
// A lock that is taken by `if (c) lock(m)`, after which all goes on as if it had not been: what is done with
// it held is mostly done on `c` too, in words that say so less plainly.
#ifndef GORDIAN_SOURCE_LINK_FACTS_CONDITIONAL_WAYS_H
#define GORDIAN_SOURCE_LINK_FACTS_CONDITIONAL_WAYS_H

#include "source/link/facts/programs.h"

#include <map>

namespace gordian::link {

class ConditionalWays {
public:
  explicit ConditionalWays(const Context &c) : context(c) {}

  /// Whether the way that the witness shows is taken only when a count has come to its end.
  bool byLastReference(WitnessId witness) const;
  bool byLastReference(const CallPath &calls) const;
  /// Whether a place on the way is one that the function goes past otherwise.
  bool bypassed(WitnessId witness) const;

private:
  struct Place {
    bool atLastReference = false, bypassed = false;
  };
  const Place &placeOf(FunctionId f, uint32_t site) const;

  const Context &context;
  mutable std::map<std::pair<FunctionId, uint32_t>, Place> known;
};

} // namespace gordian::link

#endif
