// SPDX-License-Identifier: MIT
//
// Who calls a function, from above: roots, and what reaches each function from them.
//
// Roots are main, functions that are started as threads, and entries: what code outside the program may call
// (exported functions of a program without main, functions that nobody calls). A context is a function
// together with what is known of its parameters at one group of calls (they refer to a named variable, or to
// a member of some object); for each context:
//   - the roots that it is reached from,
//   - the locks that are held at every call of it (meet over the calls; calls from outside the program are
//   taken to hold
//     what the calls inside hold),
//   - the threads that may run when it is entered from main.
// Errs: more than a few groups of calls become one that knows nothing of the parameters.
#ifndef GORDIAN_SOURCE_LINK_FACTS_CONTEXTS_H
#define GORDIAN_SOURCE_LINK_FACTS_CONTEXTS_H

#include "source/link/facts/identity.h"
#include "source/link/facts/programs.h"
#include "source/link/facts/root_set.h"

#include <map>
#include <set>

namespace gordian::link {

using ContextNumber = uint32_t;

struct Root {
  enum class Kind : uint8_t { Main, Thread, Entry, Unused, Initialiser };
  Kind kind = Kind::Entry;
  FunctionId function = kNone;
  bool ownObjects = false; // of the threads that run it each has an object of its own as first argument
};

struct HeldAtEntry {
  Sym path = kNoSym; // in the callee's frame, kNoSym: only its name is known
  NameId name = kNone;
  Mode mode = Mode::Exclusive;
  facts::LockKind kind = facts::LockKind::Mutex;
  WitnessId acquired = kNone;
  /// The calls that lead from the holder here, the first ones first.
  CallPath calls = {};
};

/// A place where threads are started.
using SpawnSite = std::pair<FunctionId, uint32_t>;

/// When a function is called: calls that differ in it are looked at apart.
struct Phase {
  bool constructing =
      false;             // of an object that no other thread knows yet: by its constructor or destructor,
                         // by the function that initialises its lock, by who made it and started no thread
  bool alone = false;    // from main, while no thread that the program starts is running
  bool unshared = false; // of an object that who made it destroys again: no other thread will know it
  friend auto operator<=>(const Phase &, const Phase &) = default;
};

struct CallContext {
  FunctionId function = kNone;
  std::vector<Sym> binding;       // by parameter, kNoSym: nothing is known; empty: of none
  const RootSet *roots = nullptr; // indices into Contexts::roots()
  unsigned rootKinds = 0;         // which kinds are among them: bits
  std::vector<HeldAtEntry> held;
  bool heldKnown = false;   // `held` is the meet of at least one call
  std::set<SpawnSite> live; // started before it is entered, when entered from main
  Phase phase;
  std::vector<ContextNumber> callees; // as found when it was last visited
  bool has(Root::Kind k) const { return rootKinds & 1u << static_cast<unsigned>(k); }
  bool hasOnly(Root::Kind k) const { return rootKinds == 1u << static_cast<unsigned>(k); }
};

struct Caller {
  FunctionId function = kNone;
  uint32_t event = 0; // index into FunctionEvents::calls
};

/// The object that a path's last fields belong to.
Sym objectOf(const Symbols &syms, Sym path);
/// Whether it is a part of the first parameter's object, or hangs off it.
bool isOfFirstParameter(const Symbols &syms, Sym path);

class Contexts {
public:
  Contexts(Context &c, Identity &i);

  const std::vector<CallContext> &all() const { return contexts; }
  const std::vector<ContextNumber> &of(FunctionId f) const { return byFunction[f]; }
  const std::vector<Root> &roots() const { return rootList; }
  const std::vector<Caller> &callersOf(FunctionId f) const { return callers[f]; }
  bool hasMain() const { return mainCount > 0; }
  /// Threads that may run at a spawn.
  const std::map<SpawnSite, std::set<SpawnSite>> &liveAtSpawn() const { return spawnLive; }
  const std::map<SpawnSite, std::vector<FunctionId>> &spawns() const { return spawnTargets; }
  /// The places that start a thread function.
  const std::vector<SpawnSite> &startsOf(FunctionId f) const { return starts.at(f); }
  /// Whether a second thread of the place may run beside the first.
  bool startsMany(const SpawnSite &s) const { return manySites.count(s) != 0; }
  /// The same where what starts it is at work but once.
  bool startsAgain(const SpawnSite &s) const {
    auto live = spawnLive.find(s);
    return live != spawnLive.end() && live->second.count(s) != 0;
  }
  const Programs &programs() const { return programSets; }
  bool isEntry(FunctionId f) const { return entries.count(f) != 0; }
  /// `path` of the function with its parameters bound.
  Sym bound(Sym path, const CallContext &c) const;
  /// Whether a lock that is held at entry has been given back before an event.
  bool isReleased(const HeldAtEntry &held, const Happening &at, const CallContext &c) const;
  /// Whether an event cannot happen with the arguments of the context.
  bool excludes(const CallContext &c, const Happening &h) const;

private:
  void indexCallers();
  void findRoots();
  bool isMadeInLoop(Sym s) const;
  bool isCallableFromOutside(FunctionId f) const;
  ContextNumber contextFor(FunctionId f, std::vector<Sym> binding, Phase phase);
  bool isConstructing(const CallContext &caller, const CallEvent &call) const;
  bool isUnshared(const CallContext &caller, const CallEvent &call) const;
  void addRoot(Root r, std::vector<Sym> binding = {});
  std::vector<Sym> givenToThreads(FunctionId f) const;
  Sym givenToThreads(FunctionId f, uint32_t parameter) const;
  void propagate();
  void visit(ContextNumber n);
  void enter(ContextNumber from, const CallEvent &call);
  void spreadRoots();
  void dropUnreached();
  std::vector<Sym> bindingOf(const CallContext &from, const CallEvent &call, FunctionId target) const;
  std::vector<HeldAtEntry> heldAt(const CallContext &from, const CallEvent &call, FunctionId target);
  void dropTakenAgain(std::vector<HeldAtEntry> &held, FunctionId target) const;
  bool meet(CallContext &into, const std::vector<HeldAtEntry> &held) const;
  void spawnFrom(ContextNumber from);
  void findManySites();
  bool mayRepeat(const SpawnSite &s) const;
  bool startedByTwo(const RootSet &from) const;
  RootSet ofProgram(const RootSet &roots, Programs::Set programs);
  std::set<SpawnSite> liveAt(const CallContext &c, const Happening &h) const;

  Context &context;
  Identity &identity;
  Symbols &syms;
  Programs programSets;
  std::vector<CallContext> contexts;
  std::vector<std::vector<ContextNumber>> byFunction;
  std::vector<std::vector<Caller>> callers;
  std::vector<Root> rootList;
  std::map<std::tuple<FunctionId, std::vector<Sym>, Phase>, ContextNumber> numbers;
  std::set<FunctionId> entries;
  std::map<SpawnSite, std::set<SpawnSite>> spawnLive;
  std::map<SpawnSite, std::vector<FunctionId>> spawnTargets;
  std::map<FunctionId, std::vector<SpawnSite>> starts;
  std::set<SpawnSite> manySites;
  std::vector<std::set<uint32_t>> tested; // by function: parameters that decide whether something happens
  RootSets rootSets;
  std::map<Programs::Set, RootSet> rootsOfPrograms;
  std::vector<std::pair<ContextNumber, uint32_t>> rootContexts; // and their roots
  std::vector<uint32_t> ranks;                                  // by function: callers first
  std::set<std::pair<uint32_t, ContextNumber>> work;            // by rank
  unsigned mainCount = 0;
};

} // namespace gordian::link

#endif
