// SPDX-License-Identifier: MIT
#include "facts/gates.h"

#include <algorithm>

namespace gordian::facts {

Instances::Instances(const std::vector<Lock> &lockTable, const std::vector<Member> &cycle)
    : locks(lockTable), members(cycle) {
  size_t total = 0;
  for (const Member &m : members) {
    first.push_back(total);
    total += 1 + m.acquire->held.size();
  }
  parent.resize(total);
  for (size_t n = 0; n < total; ++n)
    parent[n] = n;
  for (size_t i = 0; i < members.size(); ++i) {
    const Acquire &a = *members[i].acquire;
    for (size_t h = 0; h < a.held.size(); ++h) {
      const Held &held = a.held[h];
      if ((held.object && held.object == a.object) || held.relation == Relation::Same)
        unite(node(i, 0), node(i, 1 + h));
      for (size_t g = 0; g < h; ++g)
        if (held.object && held.object == a.held[g].object)
          unite(node(i, 1 + h), node(i, 1 + g));
    }
    size_t next = (i + 1) % members.size();
    if (locks[members[i].to()].manyInstances && members[next].from() == members[i].to())
      unite(node(i, 0), node(next, 1 + members[next].source));
  }
  for (size_t i = 0; i < members.size(); ++i) {
    Relation r = members[i].held().relation;
    bool apart = r != Relation::Same && r != Relation::Unknown;
    if (apart && find(node(i, 0)) == find(node(i, 1 + members[i].source)))
      contradiction = true;
  }
}

size_t Instances::find(size_t n) const {
  while (parent[n] != n)
    n = parent[n] = parent[parent[n]];
  return n;
}

void Instances::unite(size_t a, size_t b) {
  parent[find(a)] = find(b);
}

Instances::Answer Instances::same(size_t i, size_t h, size_t j, size_t g) const {
  if (!locks[members[i].acquire->held[h].lock].manyInstances)
    return Answer::Same;
  size_t a = find(node(i, 1 + h)), b = find(node(j, 1 + g));
  if (a == b)
    return Answer::Same;
  // In a cycle over several objects of one lock, the members' sources are different objects by assumption.
  size_t sa = find(node(i, 1 + members[i].source)), sb = find(node(j, 1 + members[j].source));
  if (members[i].from() == members[j].from() && sa != sb && a == sa && b == sb)
    return Answer::Different;
  return Answer::Unknown;
}

Exclusion exclusion(const std::vector<Lock> &locks, const std::vector<Member> &members,
                    const Instances &instances) {
  Exclusion result = Exclusion::None;
  for (size_t i = 0; i < members.size(); ++i)
    for (size_t j = i + 1; j < members.size(); ++j) {
      const std::vector<Held> &a = members[i].acquire->held, &b = members[j].acquire->held;
      for (size_t h = 0; h < a.size(); ++h)
        for (size_t g = 0; g < b.size(); ++g) {
          if (a[h].lock != b[g].lock || !conflicts(a[h].mode, b[g].mode))
            continue;
          // Of once flags that were passed the name is enough (may miss).
          Instances::Answer same =
              a[h].passed || b[g].passed ? Instances::Answer::Same : instances.same(i, h, j, g);
          if (same == Instances::Answer::Different)
            continue;
          bool must = (a[h].must || h == members[i].source) && (b[g].must || g == members[j].source);
          if (must && same == Instances::Answer::Same)
            return Exclusion::Certain;
          result = Exclusion::Possible;
        }
    }
  return result;
}

bool gated(const std::vector<Lock> &locks, const std::vector<Held> &a, const std::vector<Held> &b) {
  for (const Held &x : a)
    for (const Held &y : b)
      if (x.lock == y.lock && x.must && y.must && conflicts(x.mode, y.mode) && !locks[x.lock].manyInstances)
        return true;
  return false;
}

bool descends(const std::vector<Lock> &locks, const std::vector<Member> &members, bool contradictory) {
  bool down = false, up = false;
  for (const Member &m : members) {
    Relation r = m.held().relation;
    bool sameObject = r == Relation::Same || (m.acquire->object && m.acquire->object == m.held().object);
    bool steps = r == Relation::ChildOf || r == Relation::Ordered || r == Relation::OrderedBack;
    if (!sameObject && !steps)
      return false;
    if (!sameObject)
      (r == Relation::OrderedBack ? up : down) = true;
  }
  if (up == down) // none moves, or some move each way
    return false;
  if (contradictory)
    return true;
  // Without a contradiction only locks of one class tell that "down" is one direction: parent to child and
  // child to parent are both "reached from" where the classes differ.
  const Member &first = members.front();
  const std::string &owner = locks[first.from()].owner;
  return std::all_of(members.begin(), members.end(), [&](const Member &m) {
    return m.to() == first.from() || (!owner.empty() && locks[m.to()].owner == owner);
  });
}

} // namespace gordian::facts
