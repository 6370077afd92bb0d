// SPDX-License-Identifier: MIT
//
// Conditions of a state: comparisons between symbols that hold on its paths. They decide branches (correlated
// flags, results of try-lock, ordering guards) and which parts of a callee's summary apply.
//
// Decisions follow from one stored comparison, or from all stored comparisons of one symbol with constants;
// there is no arithmetic and no transitivity. What a comparison of older reads says is believed of newer
// reads too, unless this function wrote or waited in between; a path that contradicts it is kept, marked by
// State::doubt: it needs another thread, or the depths of a callee, to change the value (may miss).
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_CONDITIONS_H
#define GORDIAN_SOURCE_LINK_SUMMARY_CONDITIONS_H

#include "source/link/summary/context.h"

namespace gordian::link {

enum class Truth : uint8_t { False, True, Unknown };

class Conditions {
public:
  explicit Conditions(Context &c) : syms(c.syms) {}

  /// What `value` is as a condition.
  Truth evaluate(const State &s, Sym value) const;
  Truth evaluate(const State &s, const Atom &a) const;
  /// A pointer that is null for certain.
  bool isNull(const State &s, Sym pointer) const;
  void noteNotNull(State &s, Sym pointer) const;
  std::vector<int64_t> constantsOf(const State &s, Sym value) const;
  /// Takes a branch: false if no path goes there. Locks that depend on a result are settled.
  bool assume(State &s, Sym value, bool truth) const;
  bool assume(State &s, Atom a) const;

  /// The comparison that `value` being true (or false) stands for.
  Atom atomOf(Sym value, bool truth) const;
  Atom normal(Atom a) const;
  /// Whether `a` can only hold if another thread or a callee has written since the contrary was seen.
  bool contradictsBelief(const State &s, const Atom &a) const;
  bool leavesNeither(const State &s, const Atom &a) const;
  bool isDoubtful(const State &s, const Atom &a) const {
    return evaluate(s, a) == Truth::False || contradictsBelief(s, normal(a));
  }
  /// `a` as it would be if neither other threads nor callees had written to memory.
  Atom believed(const State &s, const Atom &a) const;
  static Atom negated(Atom a);

private:
  Truth decide(const std::vector<Atom> &known, const Atom &a) const;
  Truth decideByConstants(const std::vector<Atom> &known, const Atom &a) const;
  Sym believed(const State &s, Sym value) const;
  Truth decideByChoice(const State &s, const Atom &a) const;
  void narrow(State &s, const Atom &a) const;
  void noteErrorCode(State &s, Sym result) const;
  bool settleLocks(State &s) const;
  bool integerOf(Sym s, int64_t &out) const;

  Symbols &syms;
};

/// Whether the result `r` of a row says that the lock was acquired.
Atom successAtom(Symbols &syms, Sym r, Success convention);

} // namespace gordian::link

#endif
