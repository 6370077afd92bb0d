// SPDX-License-Identifier: MIT
#include "source/link/summary/digest.h"

namespace gordian::link {
namespace {

/// `carryWitness(w)` gives what a witness becomes.
template <class From, class To, class CarryWitness>
class Carrier {
public:
  Carrier(const From &f, To &t, CarryWitness w) : Carrier(f, t, w, f.syms.size(), f.syms.versionCount()) {}
  /// Of the first so many symbols and versions only.
  Carrier(const From &f, To &t, CarryWitness w, size_t symbolCount, size_t versionCount)
      : from(f), to(t), carryWitness(w), symbols(symbolCount, kNoSym), versions(versionCount, kNone) {
    versions[0] = 0;
  }

  template <class... S>
  void syms(S &...all) {
    (sym(all), ...);
  }
  template <class... W>
  void witnesses(W &...all) {
    ((all = all == kNone ? kNone : carryWitness(all)), ...);
  }
  /// Things that have a `carry` of their own, and lists of them.
  template <class... P>
  void parts(P &...all) {
    (part(all), ...);
  }
  /// Whether the symbol has been carried already.
  bool has(Sym s) const { return symbols[s] != kNoSym; }
  /// Of pairs the first is a symbol.
  void firsts(std::vector<std::pair<Sym, uint32_t>> &all) {
    for (auto &p : all)
      sym(p.first);
  }

private:
  void sym(Sym &s) { s = mapped(s); }
  void sym(std::vector<Sym> &all) {
    for (Sym &s : all)
      sym(s);
  }
  void sym(std::vector<Binding> &all) {
    for (Binding &b : all)
      syms(b.first, b.second);
  }
  template <class P>
  void part(P &p) {
    p.carry(*this);
  }
  template <class P>
  void part(std::vector<P> &all) {
    for (P &p : all)
      part(p);
  }

  Sym mapped(Sym s) {
    if (s == kNoSym || symbols[s] != kNoSym)
      return s == kNoSym ? s : symbols[s];
    SymNode n = from.syms.node(s);
    auto operand = [&] { n.n = mapped(static_cast<Sym>(n.n)); };
    switch (n.kind) {
    case SymKind::Load:
      n.b = version(n.b);
      n.a = mapped(n.a);
      break;
    case SymKind::Field:
    case SymKind::Slot:
    case SymKind::Container:
    case SymKind::Old:
    case SymKind::Not:
      n.a = mapped(n.a);
      break;
    case SymKind::Element:
      n.a = mapped(n.a);
      operand();
      break;
    case SymKind::Compare:
    case SymKind::Arith:
      n.a = mapped(n.a);
      n.b = mapped(n.b);
      break;
    case SymKind::Pure:
      n.b = mapped(n.b);
      operand();
      break;
    case SymKind::Phi:
      if (n.n < kNoSym) // the cell is an address
        operand();
      break;
    case SymKind::Result:
    case SymKind::FromCall:
      operand();
      break;
    default:
      break;
    }
    return symbols[s] = to.syms.put(n);
  }

  uint32_t version(uint32_t v) {
    if (versions[v] != kNone)
      return versions[v];
    Version info = from.syms.versionInfo(v);
    info.previous = version(info.previous);
    return versions[v] = to.syms.version(info);
  }

  const From &from;
  To &to;
  CarryWitness carryWitness;
  std::vector<Sym> symbols;
  std::vector<uint32_t> versions;
};

/// Takes witnesses of an analysis to its digest, with the parts of their chains that were made there.
class Keeper {
public:
  Keeper(const WitnessList &f, WitnessList &t) : from(f), to(t), kept(f.size(), kNone) {}
  WitnessId keep(WitnessId w) {
    if (kept[w] != kNone)
      return kept[w];
    WitnessNode n = from[w];
    if (n.part == kNone && n.inner != kNone)
      n.inner = keep(n.inner);
    return kept[w] = to.put(n);
  }

private:
  const WitnessList &from;
  WitnessList &to;
  std::vector<WitnessId> kept;
};

// ---------------------------------------------------------------- whether all is carried

struct Anything {
  template <class T>
  constexpr operator T() const;
};

/// How many fields an aggregate has, its base as one.
template <class T, class... Given>
constexpr size_t fieldsOf() {
  if constexpr (requires { T{Given{}..., Anything{}}; })
    return fieldsOf<T, Given..., Anything>();
  else
    return sizeof...(Given);
}

// A symbol or witness that `carry` leaves out would mean another one elsewhere. Who adds a field names it in
// `carry` if it is, or has, one of these; and then counts it here.
static_assert(fieldsOf<Atom>() == 3 && fieldsOf<LockState>() == 19 && fieldsOf<LiveThread>() == 5);
static_assert(fieldsOf<Summary>() == 5 && fieldsOf<Exit>() == 14 && fieldsOf<LockDelta>() == 8);
static_assert(fieldsOf<Request>() == 11 && fieldsOf<BlockingWait>() == 8 && fieldsOf<CallbackCall>() == 4);
static_assert(fieldsOf<FunctionEvents>() == 12 && fieldsOf<Happening>() == 8 && fieldsOf<HeldHere>() == 8);
static_assert(fieldsOf<AcquireEvent>() == 8 && fieldsOf<ReacquireEvent>() == 6);
static_assert(fieldsOf<ReleaseEvent>() == 7 && fieldsOf<WaitEvent>() == 8 && fieldsOf<NotifyEvent>() == 6);
static_assert(fieldsOf<AccessEvent>() == 6 && fieldsOf<CallEvent>() == 5 && fieldsOf<SpawnEvent>() == 6);
static_assert(fieldsOf<KindEvent>() == 2 && fieldsOf<ExitEvent>() == 7);
// These are carried by the Carrier itself and by the functions below.
static_assert(fieldsOf<SymNode>() == 9 && fieldsOf<Version>() == 4 && fieldsOf<WitnessNode>() == 5);
static_assert(fieldsOf<Digest>() == 10 && fieldsOf<Digest::Member>() == 3 && fieldsOf<Capture>() == 2);

} // namespace

void Context::forget() {
  syms.clear();
  witnesses = {};
  for (FunctionId f : touched) {
    summaries[f] = {};
    events[f] = {};
    present[f] = false;
  }
  touched.clear();
  captures.clear();
  elementOf.clear();
  ownClosures.clear();
  handlers.clear();
  loopWrites.clear();
  cuts = {};
}

Digest digestOf(Context &c, const std::vector<FunctionId> &functions) {
  Digest out;
  Keeper chains(c.witnesses, out.witnesses);
  Carrier carrier(c, out, [&](WitnessId w) { return chains.keep(w); });
  for (FunctionId f : functions) {
    out.members.push_back({f, std::move(c.summaries[f]), std::move(c.events[f])});
    carrier.parts(out.members.back().summary);
  }
  out.summarySyms = out.syms.size();
  out.summaryVersions = out.syms.versionCount();
  for (Digest::Member &m : out.members)
    carrier.parts(m.events);
  out.captures = std::move(c.captures);
  for (auto &[field, capture] : out.captures)
    carrier.syms(capture.value);
  for (const auto &[found, in] : c.elementOf)
    if (Sym element = found, container = in; carrier.has(element)) {
      carrier.syms(element, container);
      out.elementOf.try_emplace(element, container);
    }
  out.ownClosures = std::move(c.ownClosures);
  out.handlers = std::move(c.handlers);
  out.cuts = c.cuts;
  c.forget();
  return out;
}

Summary summaryFrom(const Digest &d, uint32_t part, const Digest::Member &m, Context &c) {
  Summary out = m.summary;
  auto refer = [&](WitnessId w) {
    WitnessNode n = d.witnesses[w];
    if (n.part == kNone) {
      n.inner = w;
      n.part = part;
    }
    return c.witnesses.put(n);
  };
  Carrier(d, c, refer, d.summarySyms, d.summaryVersions).parts(out);
  return out;
}

WitnessId Joiner::join(uint32_t part, WitnessId w) {
  Chains &from = chains[part];
  if (from.joined[w] != kNone)
    return from.joined[w];
  WitnessNode n = from.nodes[w];
  if (n.part != kNone)
    return from.joined[w] = join(n.part, n.inner);
  if (n.inner != kNone)
    n.inner = join(part, n.inner);
  return from.joined[w] = whole.witnesses.put(n);
}

void Joiner::add(Digest d, uint32_t part) {
  chains[part].joined.assign(d.witnesses.size(), kNone);
  chains[part].nodes = std::move(d.witnesses);
  Carrier carrier(d, whole, [&](WitnessId w) { return join(part, w); });
  for (Digest::Member &m : d.members) {
    carrier.parts(m.summary, m.events);
    whole.summaries[m.function] = std::move(m.summary);
    whole.events[m.function] = std::move(m.events);
  }
  for (auto &[field, capture] : d.captures) {
    carrier.syms(capture.value);
    whole.captures.try_emplace(field, capture);
  }
  for (const auto &[found, in] : d.elementOf) {
    Sym element = found, container = in;
    carrier.syms(element, container);
    whole.elementOf.try_emplace(element, container);
  }
  whole.ownClosures.merge(d.ownClosures);
  whole.handlers.merge(d.handlers);
  whole.cuts.functions += d.cuts.functions;
  whole.cuts.states += d.cuts.states;
  whole.cuts.requests += d.cuts.requests;
}

} // namespace gordian::link
