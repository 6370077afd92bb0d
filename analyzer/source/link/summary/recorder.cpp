// SPDX-License-Identifier: MIT
#include "source/link/summary/recorder.h"

#include <algorithm>

namespace gordian::link {

/// What callers are told at most: more is cut and counted.
constexpr size_t kMaxRequests = 64, kMaxWaits = 16, kMaxCallbacks = 16;
/// Conditional requests of one lock; more become one that is unconditional.
constexpr size_t kMaxConditions = 3;

uint64_t mixed(uint64_t a, uint64_t b) {
  // Not alike in both: small numbers must not meet.
  a = (a + 0x9e3779b97f4a7c15ull) * 0xbf58476d1ce4e5b9ull;
  a = ((a ^ a >> 31) + b) * 0x94d049bb133111ebull;
  return a ^ a >> 29;
}

uint64_t eventKey(int tag, uint32_t site, uint64_t identity, const std::vector<HeldHere> &held,
                  bool doubtful) {
  // The kind is mixed by itself: small numbers side by side cancel each other out.
  uint64_t h = mixed(mixed(mixed(static_cast<uint64_t>(tag) << 1 | doubtful, 0), site), identity);
  for (const HeldHere &l : held)
    h = mixed(h, mixed(l.path, static_cast<uint64_t>(l.mode) << 8 | static_cast<uint64_t>(l.must) << 4 |
                                   static_cast<uint64_t>(l.between)));
  return h;
}

/// What was the caller's and is not held any more.
void Recorder::addReleased(std::vector<Sym> &released, const State &s) {
  for (const LockState &l : s.locks)
    if (l.fromCaller && !l.held && std::find(released.begin(), released.end(), l.path) == released.end())
      released.push_back(l.path);
}

uint64_t Recorder::withReleased(uint64_t identity, const std::vector<Sym> &released) {
  for (Sym r : released)
    identity = mixed(identity, r);
  return identity;
}

std::vector<Atom> Recorder::paramAtoms(const State &s) const {
  std::vector<Atom> out;
  for (const Atom &a : s.atoms)
    if (context.syms.kind(a.left) == SymKind::Param && context.syms.isConstant(a.right))
      out.push_back(a);
  return out;
}

void Recorder::intersect(std::vector<Atom> &a, const std::vector<Atom> &b) {
  std::erase_if(a, [&](const Atom &x) { return std::find(b.begin(), b.end(), x) == b.end(); });
}

uint32_t Recorder::threadSet(const std::vector<LiveThread> &threads) {
  auto it = std::find(events.threadSets.begin(), events.threadSets.end(), threads);
  if (it == events.threadSets.end())
    it = events.threadSets.insert(it, threads);
  return static_cast<uint32_t>(it - events.threadSets.begin());
}

void Recorder::clear() {
  events = {};
  requests.clear();
  waits.clear();
  callbacks.clear();
  captures.clear();
  plainPaths.clear();
  seen.clear();
}

const Request *Recorder::firstLike(const Request &r, const Surroundings &around, bool doubtful) const {
  Sym path = context.syms.withoutVersions(r.path);
  bool ownerChecked = r.ownerChecked || around.ownerChecked;
  auto sameReleased = [&](const std::vector<Sym> &known) {
    return known.size() == r.released.size() + around.released.size() &&
           std::equal(r.released.begin(), r.released.end(), known.begin()) &&
           std::equal(around.released.begin(), around.released.end(), known.begin() + r.released.size());
  };
  for (size_t n = 0; n < requests.size(); ++n)
    if (const Request &known = requests[n]; plainPaths[n] == path && known.mode == r.mode &&
                                            known.waits == r.waits && known.ownerChecked == ownerChecked &&
                                            (known.doubt != kNoSym) == doubtful &&
                                            sameReleased(known.released))
      return &known;
  return nullptr;
}

void Recorder::request(Request r, uint32_t site, WitnessId made) {
  Sym path = context.syms.withoutVersions(r.path);
  uint32_t length = r.witness == kNone ? 1 : context.witnesses[r.witness].length + 1;
  auto witness = [&] { return made == kNone ? context.witnesses.add(frame.id, site, r.witness) : made; };
  size_t same = 0;
  for (size_t n = 0; n < requests.size(); ++n) {
    Request &known = requests[n];
    if (plainPaths[n] != path || known.mode != r.mode || known.waits != r.waits ||
        known.ownerChecked != r.ownerChecked || known.released != r.released ||
        (known.doubt == kNoSym) != (r.doubt == kNoSym))
      continue;
    if (known.atoms.empty() || known.atoms == r.atoms) {
      // The shorter way is the better witness.
      if (length < context.witnesses[known.witness].length && known.atoms == r.atoms)
        known.witness = witness();
      return;
    }
    if (r.atoms.empty() || ++same >= kMaxConditions) {
      intersect(known.atoms, r.atoms);
      return;
    }
  }
  if (requests.size() >= kMaxRequests) {
    ++context.cuts.requests;
    return;
  }
  r.witness = witness();
  plainPaths.push_back(path);
  requests.push_back(std::move(r));
}

void Recorder::wait(BlockingWait w) {
  for (const BlockingWait &known : waits)
    if (known.kind == w.kind && known.object == w.object && known.mutex == w.mutex &&
        known.released == w.released)
      return;
  if (waits.size() < kMaxWaits)
    waits.push_back(std::move(w));
  else
    ++context.cuts.requests;
}

void Recorder::callback(CallbackCall c) {
  for (const CallbackCall &known : callbacks) {
    if (known.callee != c.callee || known.args != c.args || known.held.size() != c.held.size())
      continue;
    bool same = true;
    for (size_t n = 0; n < c.held.size(); ++n)
      same = same && known.held[n].path == c.held[n].path;
    if (same)
      return;
  }
  if (callbacks.size() < kMaxCallbacks)
    callbacks.push_back(std::move(c));
  else
    ++context.cuts.requests;
}

} // namespace gordian::link
