// SPDX-License-Identifier: MIT
//
// Which states of one point are merged. As in ESP (Das, Lerner, Seigle, PLDI 2002): states that agree in what
// is tracked (locks, and which objects pointers mean) are merged and keep the conditions that both have;
// states that differ in it stay apart with theirs, so that a flag that says "locked" keeps saying it. Values
// that differ become a joined symbol (Phi). At the head of a loop states that agree in their locks are merged
// whatever else they hold, which ends the iteration. Above the limit of states the ones that agree in their
// locks are merged everywhere, then the rest is dropped and counted (may miss).
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_JOIN_H
#define GORDIAN_SOURCE_LINK_SUMMARY_JOIN_H

#include "source/link/summary/memory.h"

namespace gordian::link {

class Join {
public:
  enum class Place : uint8_t { Block, LoopHead, Call };
  Join(Context &c, const Frame &f) : context(c), frame(f), syms(c.syms), memory(c, f) {}

  /// Adds `s` to the states of `block`; returns the index of the state that is new or changed, or -1.
  int into(std::vector<State> &states, State s, ir::Id block, Place place) const;

  /// A state that goes back to the head of a loop: what this round made becomes the last round's, and locals
  /// that the loop changes get the symbols that stand for "in any round".
  void startRound(State &s, uint32_t loop, const std::vector<State> &atHead) const;
  /// Any state that comes to the head of a loop.
  void enterLoop(State &s, uint32_t loop) const;

private:
  bool includes(const State &a, const State &b) const;
  bool sameLocks(const State &a, const State &b) const;
  bool sameFailures(const State &a, const State &b) const;
  static bool areOrdered(const State &s, Sym x, Sym y);
  bool sameObjects(const State &a, const State &b) const;
  bool merge(State &a, const State &b, ir::Id block, Place place) const;
  bool isPhi(Sym s, ir::Id block, uint64_t cell) const;
  static void addChoice(std::vector<Choice> &all, Sym value, const std::vector<int64_t> &x,
                        const std::vector<int64_t> &y);
  static bool mergeChoices(State &a, const State &b, std::vector<Choice> made);
  /// What is known of the values that a merge has joined.
  struct Made {
    std::vector<Choice> choices;
    std::vector<Atom> atoms;
  };
  void addSigns(const State &a, const State &b, Sym value, Sym x, Sym y, Made &made) const;
  bool mergeMemory(State &a, const State &b, ir::Id block, Place place, Made &made) const;
  bool mergeValues(State &a, const State &b, ir::Id block, Place place, Made &made) const;
  bool mergeLocks(State &a, const State &b) const;
  bool mergeClobbers(State &a, const State &b) const;
  static bool mergeAtoms(State &a, const State &b);
  template <class F>
  void mapSymbols(State &s, F &&f) const;
  void renameAtHead(State &s, const Loop &l, const std::vector<State> &atHead) const;
  bool isIdentity(Sym v) const;

  Context &context;
  const Frame &frame;
  Symbols &syms;
  Memory memory;
};

} // namespace gordian::link

#endif
