// SPDX-License-Identifier: MIT
//
// The abstract interpretation of one function: states are carried along its blocks until nothing changes,
// then one more pass records events and the summary is made from the states at the exits. A function without
// loops is recorded in the first pass.
//
// Exceptions are followed where they lead: to a handler of this function, or out of it if something is known
// to throw. That a call may throw in principle is assumed only to reach handlers; on such paths nothing is
// said to leak.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_FUNCTION_ANALYSIS_H
#define GORDIAN_SOURCE_LINK_SUMMARY_FUNCTION_ANALYSIS_H

#include "source/link/summary/join.h"
#include "source/link/summary/transfer.h"

#include <set>

namespace gordian::link {

class FunctionAnalysis {
public:
  FunctionAnalysis(Context &c, FunctionId f, bool matters);

  enum class Outcome : uint8_t {
    Same,
    Refined, // other witnesses, doubts, waits: callers say them otherwise
    Changed,
  };
  /// Analyses and stores summary and events in the context. The outcome is beside the summary before.
  Outcome run();

private:
  struct AtExit {
    State state;
    Sym result;
    bool unwinds;
    uint32_t site;
  };

  void prepareLoops();
  void solve();
  void drain();
  void restartFromLoops();
  void record();
  void runBlock(ir::Id b, State s, uint32_t first = 0);
  void goOnBehindSetjmp(State s);
  void finishBlock(ir::Id b, State s);
  void throwFrom(ir::Id landing, Thrown t, uint32_t site);
  void deliver(ir::Id from, ir::Id to, State s);
  void prune(State &s, ir::Id to) const;
  void leaveJoiningLoop(ir::Id from, ir::Id to, State &s) const;
  void leave(State s, Sym result, bool unwinds, uint32_t site);
  State entry() const;

  Summary summarise();
  Sym asHandedOut(const AtExit &e, Sym pointer) const;
  Exit exitOf(AtExit e) const;
  bool isLeftByRound(const LockState &l) const;
  void recordExit(const AtExit &e);
  bool isLeftHeld(const Summary &summary, const Request &r) const;
  bool isTakenBack(const std::vector<Request> &all, const Request &r) const;
  void compress(std::vector<Exit> &all) const;
  static bool isSame(const Summary &a, const Summary &b);
  bool isKept(Sym address) const;

  Context &context;
  Frame frame;
  bool resuming = false; // behind a setjmp
  Recorder recorder;
  Transfer transfer;
  Join join;
  Conditions conditions;
  Memory memory;
  std::vector<std::vector<State>> states; // by block, at its entry
  std::vector<std::vector<bool>> dirty;
  std::set<uint32_t> work; // ranks of blocks with dirty states
  std::vector<AtExit> exits;
  size_t steps = 0, budget = 0;
  bool settled = false; // states do not change any more
  // While the settled loops are gone through, block after block, what happens is recorded at once: that holds
  // if nothing comes to a block that was run before.
  bool inOrder = false;
  uint32_t running = 0; // rank of the block that is run
};

} // namespace gordian::link

#endif
