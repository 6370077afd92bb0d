// SPDX-License-Identifier: MIT
//
// One order for facts, whatever order a front end delivered them in: units are lowered in parallel and
// threads race, but the same facts must give the same findings, byte for byte. Places come first, then names;
// lock and context numbers, which a front end may hand out differently each time, come last.
#ifndef GORDIAN_FACTS_STABLE_ORDER_H
#define GORDIAN_FACTS_STABLE_ORDER_H

#include "facts/facts.h"

#include <algorithm>
#include <compare>

namespace gordian::facts {

std::strong_ordering compare(const std::vector<Step> &a, const std::vector<Step> &b);
std::strong_ordering compare(const std::vector<Held> &a, const std::vector<Held> &b);
std::strong_ordering compare(const Subject &a, const Subject &b);
std::strong_ordering compare(const Acquire &a, const Acquire &b);

/// rank[id]: the position of a lock in the stable order of locks.
std::vector<uint32_t> stableRanks(const std::vector<Lock> &locks);

/// Pointers to facts of one kind, ordered by witness, function and context (the fields that all kinds have).
template <typename Fact>
std::vector<const Fact *> inStableOrder(const std::vector<Fact> &facts) {
  std::vector<const Fact *> out;
  for (const Fact &f : facts)
    out.push_back(&f);
  std::stable_sort(out.begin(), out.end(), [](const Fact *a, const Fact *b) {
    if (auto c = compare(a->witness, b->witness); c != 0)
      return c < 0;
    if (auto c = a->function.compare(b->function); c != 0)
      return c < 0;
    return a->context < b->context;
  });
  return out;
}

} // namespace gordian::facts

#endif
