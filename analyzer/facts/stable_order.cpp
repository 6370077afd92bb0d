// SPDX-License-Identifier: MIT
#include "facts/stable_order.h"

#include <numeric>

namespace gordian::facts {

static std::strong_ordering compare(const Step &a, const Step &b) {
  if (auto c = a.location <=> b.location; c != 0)
    return c;
  if (auto c = a.function.compare(b.function) <=> 0; c != 0)
    return c;
  if (auto c = a.kind <=> b.kind; c != 0)
    return c;
  if (auto c = a.note.compare(b.note) <=> 0; c != 0)
    return c;
  return std::lexicographical_compare_three_way(a.stack.begin(), a.stack.end(), b.stack.begin(),
                                                b.stack.end(), [](const Frame &x, const Frame &y) {
                                                  if (auto c = x.location <=> y.location; c != 0)
                                                    return c;
                                                  if (auto c = x.function.compare(y.function) <=> 0; c != 0)
                                                    return c;
                                                  return x.offset <=> y.offset;
                                                });
}

// The operation itself is the last step and decides first.
std::strong_ordering compare(const std::vector<Step> &a, const std::vector<Step> &b) {
  return std::lexicographical_compare_three_way(a.rbegin(), a.rend(), b.rbegin(), b.rend(),
                                                [](const Step &x, const Step &y) { return compare(x, y); });
}

std::strong_ordering compare(const std::vector<Held> &a, const std::vector<Held> &b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(),
                                                [](const Held &x, const Held &y) -> std::strong_ordering {
                                                  if (auto c = compare(x.acquired, y.acquired); c != 0)
                                                    return c;
                                                  if (auto c = x.mode <=> y.mode; c != 0)
                                                    return c;
                                                  if (auto c = x.relation <=> y.relation; c != 0)
                                                    return c;
                                                  if (auto c = y.must <=> x.must; c != 0)
                                                    return c;
                                                  return x.lock <=> y.lock;
                                                });
}

std::strong_ordering compare(const Subject &a, const Subject &b) {
  if (auto c = a.key.compare(b.key) <=> 0; c != 0)
    return c;
  if (auto c = a.name.compare(b.name) <=> 0; c != 0)
    return c;
  return a.declaration <=> b.declaration;
}

std::strong_ordering compare(const Acquire &a, const Acquire &b) {
  if (auto c = compare(a.witness, b.witness); c != 0)
    return c;
  if (auto c = a.held.size() <=> b.held.size(); c != 0)
    return c;
  if (auto c = compare(a.held, b.held); c != 0)
    return c;
  if (auto c = a.function.compare(b.function) <=> 0; c != 0)
    return c;
  if (auto c = a.mode <=> b.mode; c != 0)
    return c;
  if (auto c = a.context <=> b.context; c != 0)
    return c;
  return a.instance <=> b.instance;
}

std::vector<uint32_t> stableRanks(const std::vector<Lock> &locks) {
  std::vector<uint32_t> order(locks.size()), rank(locks.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return compare(locks[a].subject, locks[b].subject) < 0; });
  for (uint32_t i = 0; i < order.size(); ++i)
    rank[order[i]] = i;
  return rank;
}

} // namespace gordian::facts
