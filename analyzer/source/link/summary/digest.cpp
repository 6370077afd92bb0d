// SPDX-License-Identifier: MIT
#include "source/link/summary/digest.h"

namespace gordian::link {
namespace {

template <class From, class To>
class Carrier {
public:
  Carrier(const From &f, To &t)
      : from(f), to(t), symbols(f.syms.size(), kNoSym), versions(f.syms.versionCount(), kNone),
        nodes(f.witnesses.size(), kNone) {
    versions[0] = 0;
  }

  template <class... S>
  void syms(S &...all) {
    (sym(all), ...);
  }
  template <class... W>
  void witnesses(W &...all) {
    ((all = witness(all)), ...);
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

  WitnessId witness(WitnessId w) {
    if (w == kNone || nodes[w] != kNone)
      return w == kNone ? w : nodes[w];
    WitnessNode n = from.witnesses[w];
    n.inner = witness(n.inner);
    return nodes[w] = to.witnesses.put(n);
  }

  const From &from;
  To &to;
  std::vector<Sym> symbols;
  std::vector<uint32_t> versions;
  std::vector<WitnessId> nodes;
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
static_assert(fieldsOf<Atom>() == 3 && fieldsOf<LockState>() == 17 && fieldsOf<LiveThread>() == 5);
static_assert(fieldsOf<Summary>() == 5 && fieldsOf<Exit>() == 14 && fieldsOf<LockDelta>() == 8);
static_assert(fieldsOf<Request>() == 11 && fieldsOf<BlockingWait>() == 8 && fieldsOf<CallbackCall>() == 4);
static_assert(fieldsOf<FunctionEvents>() == 12 && fieldsOf<Happening>() == 8 && fieldsOf<HeldHere>() == 8);
static_assert(fieldsOf<AcquireEvent>() == 8 && fieldsOf<ReacquireEvent>() == 6);
static_assert(fieldsOf<ReleaseEvent>() == 7 && fieldsOf<WaitEvent>() == 8 && fieldsOf<NotifyEvent>() == 6);
static_assert(fieldsOf<AccessEvent>() == 6 && fieldsOf<CallEvent>() == 4 && fieldsOf<SpawnEvent>() == 6);
static_assert(fieldsOf<KindEvent>() == 2 && fieldsOf<ExitEvent>() == 7);
// These are carried by the Carrier itself and by the functions below.
static_assert(fieldsOf<SymNode>() == 9 && fieldsOf<Version>() == 4 && fieldsOf<WitnessNode>() == 4);
static_assert(fieldsOf<Digest>() == 8 && fieldsOf<Digest::Member>() == 3 && fieldsOf<Capture>() == 2);

} // namespace

void Context::forget() {
  syms = Symbols(&world.pointers);
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
  Carrier carrier(c, out);
  for (FunctionId f : functions) {
    out.members.push_back({f, std::move(c.summaries[f]), std::move(c.events[f])});
    carrier.parts(out.members.back().summary, out.members.back().events);
  }
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

Summary summaryFrom(const Digest &d, const Digest::Member &m, Context &c) {
  Summary out = m.summary;
  Carrier(d, c).parts(out);
  return out;
}

void addDigest(Digest d, Context &whole) {
  Carrier carrier(d, whole);
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
