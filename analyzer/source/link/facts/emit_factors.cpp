// SPDX-License-Identifier: MIT
#include "source/link/facts/emitter.h"

#include <algorithm>

namespace gordian::link {

/// Whether it gives the lock back for sure: by itself, or by a callee that does so on all of its ways out but
/// those on which there is no object.
bool Emitter::alwaysGives(const ReleaseEvent &e) const {
  WitnessId inner = context.witnesses[e.witness].inner;
  if (inner == kNone)
    return true;
  const std::vector<Exit> &exits = context.summaries[context.witnesses[inner].function].exits;
  auto isNull = [&](const Atom &a) {
    return syms.kind(a.left) == SymKind::Param && a.predicate == ir::Predicate::Eq &&
           a.right == syms.integer(0);
  };
  return std::all_of(exits.begin(), exits.end(), [&](const Exit &x) {
    return x.unwinds || std::any_of(x.atoms.begin(), x.atoms.end(), isNull) ||
           std::any_of(x.locks.begin(), x.locks.end(),
                       [](const LockDelta &d) { return d.heldBefore && !d.heldAfter; });
  });
}

/// What the text of `f` says against it that what it acquired is held at a later place of it.
Emitter::Lost Emitter::lostCondition(FunctionId f, WitnessId acquired, uint32_t later) {
  if (acquired == kNone || context.witnesses[acquired].function != f)
    return Lost::Nothing;
  uint32_t taken = context.witnesses[acquired].site;
  auto [known, isNew] = lostBetween.try_emplace({f, taken, later}, Lost::Nothing);
  if (!isNew)
    return known->second;
  const FunctionEvents &events = context.events[f];
  std::set<Sym> paths;
  for (const AcquireEvent &e : events.acquires)
    if (e.site == taken)
      paths.insert(syms.withoutVersions(e.path));
  std::vector<uint32_t> taking, giving;
  for (const AcquireEvent &e : events.acquires)
    if (e.ownRequest && paths.count(syms.withoutVersions(e.path)))
      taking.push_back(e.site);
  std::vector<uint32_t> again = taking;
  for (const ReacquireEvent &e : events.reacquires)
    if (paths.count(syms.withoutVersions(e.path)))
      again.push_back(e.site);
  for (const ReleaseEvent &e : events.releases)
    if (paths.count(syms.withoutVersions(e.path)) && alwaysGives(e))
      giving.push_back(e.site);
  if (lostConditions.isGivenBack(f, taken, again, giving, later))
    known->second = Lost::GivenBack;
  else if (lostConditions.areApart(f, taken, taking, later))
    known->second = Lost::Apart;
  return known->second;
}

void Emitter::addLost(Lost lost, std::vector<Factor> &to) {
  constexpr double kGivenBack = 0.6, kApart = 0.7;
  if (lost == Lost::GivenBack)
    to.push_back({"all ways from its acquisition lead past a release of it", kGivenBack});
  if (lost == Lost::Apart)
    to.push_back({"one condition takes it, another one leads on: the two may exclude each other", kApart});
}

std::vector<Factor> Emitter::heldFactors(WitnessId acquired, uint32_t site, const Scene &s) {
  std::vector<Factor> out = acquiredFactors(acquired);
  addLost(lostCondition(s.function, acquired, site), out);
  return out;
}

std::vector<Factor> Emitter::heldFactors(const HeldAtEntry &h) {
  std::vector<Factor> out = acquiredFactors(h.acquired, h.calls);
  if (!h.calls.empty())
    addLost(lostCondition(h.calls[0].first, h.acquired, h.calls[0].second), out);
  return out;
}

} // namespace gordian::link
