// SPDX-License-Identifier: MIT
//
// What is kept of a component of the call graph once its functions are analysed: their summaries and events,
// with the symbols and witnesses that these speak of and no others. The tables in which the analysis worked
// were its own, so what comes out depends on the component and on what it calls, not on what was analysed
// before it or beside it.
//
// A Carrier takes symbols and witnesses from one pair of tables to another: from the analysis to its digest,
// from the digests of callees to the analysis of a caller, from all digests to the tables of the whole
// program. What is carried has a method `carry` that names its symbols and witnesses, beside its fields.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_DIGEST_H
#define GORDIAN_SOURCE_LINK_SUMMARY_DIGEST_H

#include "source/link/summary/context.h"

namespace gordian::link {

/// Symbols as a list: they are not looked up again.
class SymbolList {
public:
  size_t size() const { return nodes.size(); }
  const SymNode &node(Sym s) const { return nodes[s]; }
  const Version &versionInfo(uint32_t v) const { return versions[v]; }
  size_t versionCount() const { return versions.size(); }
  Sym put(const SymNode &n) {
    nodes.push_back(n);
    return static_cast<Sym>(nodes.size() - 1);
  }
  uint32_t version(const Version &v) {
    versions.push_back(v);
    return static_cast<uint32_t>(versions.size() - 1);
  }

private:
  std::vector<SymNode> nodes;
  std::vector<Version> versions = {{}};
};

struct Digest {
  struct Member {
    FunctionId function = kNone;
    Summary summary;
    FunctionEvents events;
  };
  SymbolList syms;
  WitnessList witnesses;
  size_t summarySyms = 0, summaryVersions = 1; // the first so many: all that the summaries speak of
  std::vector<Member> members;
  Captures captures;
  std::map<Sym, Sym> elementOf;
  OwnClosures ownClosures;
  std::set<FunctionId> handlers;
  Cuts cuts;
};

/// Of what the context has found for these functions, which it then forgets.
Digest digestOf(Context &c, const std::vector<FunctionId> &functions);
/// The summary, which is of component `part`, in the terms of `c`.
Summary summaryFrom(const Digest &d, uint32_t part, const Digest::Member &m, Context &c);

/// Puts the digests of all components together, callees first.
class Joiner {
public:
  Joiner(Context &w, size_t parts) : whole(w), chains(parts) {}
  void add(Digest d, uint32_t part);

private:
  struct Chains {
    WitnessList nodes;
    std::vector<WitnessId> joined; // by node, kNone: not asked for yet
  };
  WitnessId join(uint32_t part, WitnessId w);

  Context &whole;
  std::vector<Chains> chains; // by component
};

} // namespace gordian::link

#endif
