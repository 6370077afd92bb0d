// SPDX-License-Identifier: MIT
//
// What one instruction does to a state. One class, several files by subject:
//   transfer.cpp            loads, stores, computations, paths
//   calls.cpp               calls of functions with a summary, callbacks, unknown functions
//   library_locks.cpp       rows about locks, guards, conditions
//   library_threads.cpp     rows about threads and other things to wait for
//   library_attributes.cpp  thread-safety attributes in place of rows
//   library_values.cpp      rows about callables, owners, containers
//   library_held_guards.cpp guards in optionals, unique_ptrs and sequences
// A step may end a state (State::dead) or make several of one; the others are put into `more`.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_TRANSFER_H
#define GORDIAN_SOURCE_LINK_SUMMARY_TRANSFER_H

#include "source/link/summary/conditions.h"
#include "source/link/summary/locks.h"
#include "source/link/summary/memory.h"

namespace gordian::link {

/// A state that leaves by exception at a call.
struct Thrown {
  State state;
  bool shown = false; // something is known to throw
};

/// A callable, resolved: what runs, and its first argument if it is an object.
struct Callable {
  FunctionId function = kNone;
  Sym self = kNoSym;
  std::vector<Sym> bound; // arguments that come before those of the call
};

class Transfer {
public:
  Transfer(Context &c, const Frame &f, Recorder &r)
      : context(c), frame(f), syms(c.syms), recorder(r), memory(c, f), conditions(c), locks(c, f, r) {}

  void step(const ir::Inst &i, uint32_t site, ir::Id block, State &s, std::vector<State> &more,
            std::vector<Thrown> &thrown);
  Sym operand(const State &s, const ir::Operand &o) const;
  Sym addressOf(const State &s, const ir::Path &p) const;
  /// What the function's attributes say that its callers hold.
  void define(State &s, const ir::Inst &i, Sym value) const;
  void holdRequired(State &s) const;

private:
  struct Call {
    const ir::Inst &inst;
    uint32_t site;
    ir::Id block;
    FunctionId callee; // as named, kNone: indirect
    const Row *row;
    std::vector<Sym> args;
    Sym into;          // address of the result object, kNoSym: none
    Sym keep = kNoSym; // where the result is stored besides
  };

  Sym valueOf(const State &s, ir::Id v) const;
  bool follow(State &s, const ir::Path &p) const;
  void load(const ir::Inst &i, uint32_t site, State &s);
  void store(const ir::Inst &i, uint32_t site, State &s);
  void modify(const ir::Inst &i, uint32_t site, State &s);
  bool handMadeLock(const ir::Inst &i, uint32_t site, State &s, Sym address);
  void libraryAccess(const Call &c, State &s);
  void accessObject(const Call &c, State &s, Sym object, bool write);
  void access(const State &s, const ir::Inst &i, Sym address, bool write, uint32_t site);
  void noteWrite(State &s, Sym address, uint32_t site) const;
  bool inLoop(ir::Id block) const { return frame.shape.loopOf[block] != kNone; }

  // calls.cpp
  void call(const ir::Inst &i, uint32_t site, ir::Id block, State &s, std::vector<State> &more,
            std::vector<Thrown> &thrown);
  bool throwsAsTold(const std::vector<Callable> &targets) const;
  void callFunctions(const Call &c, const std::vector<Callable> &targets, const std::vector<Sym> &args,
                     State &s, std::vector<State> &more, std::vector<Thrown> &thrown);
  void applySummary(const Call &c, FunctionId callee, class Substitution &sub, const State &s,
                    std::vector<State> &out, std::vector<Thrown> &thrown);
  void blurPointer(const State &before, std::vector<State> &after) const;
  void doubtLocks(const std::vector<FunctionId> &callees, uint32_t site, const State &before,
                  std::vector<State> &after) const;
  void applyExit(const Call &c, const Exit &e, class Substitution &sub, State &s) const;
  void noteSummary(const Call &c, FunctionId callee, const std::vector<Sym> &args, Substitution &sub,
                   const State &s);
  void noteWaits(const Call &c, const Summary &summary, class Substitution &sub, const State &s, Sym own);
  Sym endedHere(FunctionId callee, const std::vector<Sym> &args, const State &s) const;
  void noteCallbacks(const Call &c, const Summary &summary, class Substitution &sub, const State &s);
  void noteCall(const Call &c, const std::vector<FunctionId> &targets, const std::vector<Sym> &args,
                const State &s);
  uint64_t orderOfArguments(const State &s, FunctionId callee, const std::vector<Sym> &args) const;
  bool isBelieved(const Call &c) const;
  void noteOrigin(const Call &c, State &s, Sym result);
  void noteOwnClosures(Sym object, const std::vector<Callable> &kept);
  void callUnknown(const Call &c, State &s);
  std::vector<Callable> targetsOf(const Call &c, const State &s) const;
  Sym freshResult(const Call &c) const;

  // library_*.cpp: false if the row is not of the file's subject
  bool lockRow(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown);
  bool guardRow(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown);
  bool conditionRow(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown);
  // library_attributes.cpp
  Sym capability(const State &s, FunctionId callee, std::string_view text,
                 const std::vector<Sym> &args) const;
  bool attributeCall(const Call &c, State &s);
  bool waitingRow(const Call &c, State &s);
  bool threadRow(const Call &c, State &s);
  bool valueRow(const Call &c, State &s);
  bool callableRow(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown);

  // Guards
  void guardTake(const Call &c, Sym guard, Sym lock, ClassId lockClass, Waits waits, Success success,
                 State &s, std::vector<State> &more, std::vector<Thrown> &thrown);
  void guardRelease(const Call &c, Sym guard, State &s, std::vector<State> &more,
                    std::vector<Thrown> &thrown);
  void guardMove(const Call &c, Sym to, Sym from, State &s);
  std::vector<Sym> guardParts(const State &s, Sym guard) const;
  LockRequest lockRequest(const Call &c, Sym path) const;
  void initLock(const Call &c, State &s);

  // library_held_guards.cpp
  std::string_view typeOfArgument(const Call &c, size_t n) const;
  void makeHeldGuard(const Call &c, Sym guard, size_t first, Mode mode, State &s, std::vector<State> &more,
                     std::vector<Thrown> &thrown);
  void endHeldGuard(const Call &c, Sym guard, State &s, std::vector<State> &more,
                    std::vector<Thrown> &thrown);
  bool heldGuardCall(const Call &c, State &s, std::vector<State> &more, std::vector<Thrown> &thrown);
  bool optionalGuard(const Call &c, std::string_view name, Mode mode, State &s, std::vector<State> &more,
                     std::vector<Thrown> &thrown);
  bool ownedGuard(const Call &c, std::string_view name, State &s, std::vector<State> &more,
                  std::vector<Thrown> &thrown);
  bool guardSequence(const Call &c, std::string_view name, Mode mode, State &s, std::vector<State> &more,
                     std::vector<Thrown> &thrown);

  // Threads
  void spawn(const Call &c, State &s, Sym handle, const std::vector<Callable> &targets, std::vector<Sym> args,
             bool future);
  void join(const Call &c, State &s, BlockingWait::Kind kind, Sym handle);
  bool pairCall(const Call &c, State &s);
  bool comparisonCall(const Call &c, State &s);
  void waitForFuture(const Call &c, State &s, Sym future);
  void moveThread(State &s, Sym to, Sym from) const;
  bool moveIntoContainer(State &s, Sym container, Sym from) const;
  bool sameHandle(Sym a, Sym b) const;
  bool isVagueHandle(Sym h) const;
  Sym handleOf(const State &s, Sym value) const;
  void block(const Call &c, const State &s, BlockingWait w, bool mutexHeld = true,
             std::vector<Sym> predicate = {});
  bool isReplaced(const State &s) const;
  void doubtKept(const Summary &summary, Substitution &sub, uint32_t site, State &t) const;
  bool looped(ir::Id block, uint32_t site) const;
  bool goesRoundQuietly(ir::Id block, uint32_t site, uint32_t loop) const;
  bool isQuiet(ir::Id b, size_t from) const;
  std::vector<WriteKey> testedIn(ir::Id b) const;
  std::vector<Sym> predicateReads(const State &s, ir::Id block) const;

  std::vector<Callable> resolveCallable(const Call &c, const State &s, int argument) const;
  Sym argument(const Call &c, int n) const {
    return n >= 0 && static_cast<size_t>(n) < c.args.size() ? c.args[n] : kNoSym;
  }
  std::vector<Sym> argumentsFrom(const Call &c, int n) const;
  std::vector<Sym> forwardedFrom(const Call &c, int n, const State &s) const;
  Sym forwarded(const State &s, Sym argument) const;

  Context &context;
  const Frame &frame;
  Symbols &syms;
  Recorder &recorder;
  Memory memory;
  Conditions conditions;
  Locks locks;
};

} // namespace gordian::link

#endif
