// SPDX-License-Identifier: MIT
//
// Events of all functions, in all contexts -> Facts. While facts are made, a lock id is a NameId of the
// Identity; when all are made it is known which names count, and the ids are replaced (finish).
//
//   emit_locks.cpp      acquisitions, re-acquisitions
//   emit_misuse.cpp     releases of what is not held, locks that stay held: what judges the callers' part
//   emit_waits.cpp      condition waits, notifies, other waits
//   emit_accesses.cpp   accesses to shared variables
//   emit_hand_overs.cpp what threads tell each other by without a lock
//   emit_factors.cpp    what a held lock is worth
#ifndef GORDIAN_SOURCE_LINK_FACTS_EMITTER_H
#define GORDIAN_SOURCE_LINK_FACTS_EMITTER_H

#include "facts/facts.h"
#include "source/link/facts/conditional_ways.h"
#include "source/link/facts/contexts.h"
#include "source/link/facts/lost_conditions.h"
#include "source/link/facts/source_order.h"
#include "source/link/facts/steps.h"
#include "source/link/facts/thread_reach.h"

namespace gordian::link {

class Emitter {
public:
  Emitter(Context &c);
  facts::Facts run();

private:
  /// Where an event is looked at: a function in a context.
  struct Scene {
    FunctionId function;
    const CallContext &context;
    const FunctionEvents &events;
  };
  /// Objects of one fact, numbered from 1.
  class Objects {
  public:
    uint32_t number(Sym object);
    Sym object(uint32_t number) const { return seen[number - 1]; }

  private:
    std::vector<Sym> seen;
  };

  // emitter.cpp
  const FunctionEvents &eventsIn(const CallContext &c, FunctionEvents &room) const;
  Named named(Sym path, const Scene &s, bool counts = true);
  facts::Held held(const HeldHere &h, uint32_t site, const Scene &s, Objects &objects);
  std::optional<facts::Held> heldAtEntry(const HeldAtEntry &h, const Scene &s, Objects &objects);
  std::vector<facts::Held> heldList(const std::vector<HeldHere> &here, const Happening &at, const Scene &s,
                                    Objects &objects, NameId without = kNone);
  void addThreads(std::vector<Reach> &all, const Root &root, bool alone) const;
  std::string rootName(FunctionId f) const;
  Programs::Set programsOf(WitnessId witness) const;
  uint32_t factContext(const Scene &s, const Happening &h, bool ofObject, FunctionId localOf = kNone);
  const std::vector<Reach> &reachesOf(const CallContext &c, bool alone);
  bool mayBeOne(NameId a, NameId b) const;
  facts::Relation relation(Between b, NameId a, NameId c) const;
  void noteKind(NameId name, facts::LockKind kind);
  bool isDoubtful(const Happening &h) const;
  std::vector<Factor> wayFactors(WitnessId way, const CallPath &before = {}) const;
  std::vector<Factor> heldFactors(WitnessId acquired, uint32_t site, const Scene &s);
  std::vector<Factor> heldFactors(const HeldAtEntry &h);
  std::vector<Factor> acquiredFactors(WitnessId acquired, const CallPath &before = {}) const;
  bool isLeftBySome(WitnessId acquired) const;
  enum class Lost : uint8_t { Nothing, Apart, GivenBack };
  Lost lostCondition(FunctionId f, WitnessId acquired, uint32_t later);
  bool alwaysGives(const ReleaseEvent &e) const;
  static void addLost(Lost lost, std::vector<Factor> &to);
  void finish();
  void dropOwnerChecked();
  void finishLocks();
  void remapLocks(const std::vector<uint32_t> &map);
  bool startsInTurn(const SpawnSite &site) const;
  void fillOrder();
  void fillCalls();
  facts::Lock lockOf(NameId n) const;
  bool isReal(NameId n) const;
  bool isAnyLock(NameId n) const;
  void dropAnyLocks();

  // emit_locks.cpp
  void collectKinds();
  void emitAcquires(const Scene &s);
  Between orderByCallers(Sym held, Sym requested, FunctionId f) const;
  bool isReentry(const AcquireEvent &e, NameId lock, const Scene &s) const;
  void takeForOwn(facts::Acquire &a, NameId lock, facts::LockKind kind) const;
  bool isMeantReentrant(NameId n, facts::LockKind used) const;
  bool isBoundTo(Sym held, const Named &requested, Sym path, const Scene &s);
  void emitRelock(const AcquireEvent &e, const HeldHere &first, const Named &lock, const Scene &s);
  void emitReacquires(const Scene &s);
  void emitReacquire(const ReacquireEvent &e, const Scene &s);
  void orderDirections();
  void orderVariables();
  void noteLink(const HeldHere &h, NameId heldName, Sym path, NameId name, facts::Acquire &a);
  void judgeLinks();
  void dropPrivateLocks();
  void emitInterruptions();

  // emit_misuse.cpp
  void collectHandovers();
  void emitReleases(const Scene &s);
  void emitLeaks(const Scene &s);
  bool isDefinite(Sym path) const;
  bool isOfSweep(const ReleaseEvent &e, const Scene &s) const;
  bool failsOnlyHere(FunctionId f, Sym held, Sym without) const;
  bool isNeverHeld(NameId n, const Scene &s) const;
  bool isMixedUp(const ReleaseEvent &e, const Scene &s, NameId name) const;
  size_t handedOverBy(NameId name) const;
  bool isLockLike(facts::LockKind k, NameId n) const;
  bool isInconsistentRelease(const ReleaseEvent &e) const;
  bool isOnCondition(const ReleaseEvent &e) const;
  bool leaks(const ExitEvent &e, const LockState &l, const Scene &s, NameId name) const;
  bool isOwnObject(Sym path, FunctionId f) const;
  bool isLockMethod(FunctionId f) const;

  // emit_waits.cpp
  void collectWakers();
  void emitWaits(const Scene &s);
  void emitNotifies(const Scene &s);
  void emitCondition(const WaitEvent &e, const Scene &s);
  void emitBlock(const WaitEvent &e, const Scene &s);
  std::vector<facts::Acquire> awaitedOf(const WaitEvent &e, const Scene &s,
                                        const std::vector<facts::Held> &held, Objects &objects);
  std::vector<FunctionId> awaitedFunctions(const WaitEvent &e, const Scene &s);
  Sym ownFrame(Sym path, FunctionId f, FunctionId maker);
  bool isProgramRoot(const Scene &s) const;
  uint32_t conditionNumber(NameId n);

  // emit_accesses.cpp
  void emitAccesses(const Scene &s);
  uint32_t variableNumber(NameId n);
  bool isOfFirst(uint32_t p, const CallContext &c) const;
  bool initialisesThrough(Sym object, const Scene &s) const;
  bool isBuilding(const AccessEvent &e, const Scene &s) const;
  bool isEnding(const AccessEvent &e, const Scene &s) const;
  bool isBeforeThreads(const AccessEvent &e, const Scene &s) const;
  void noteLocal(const Named &n, const Scene &s);
  void selectAccesses();

  // emit_hand_overs.cpp
  struct Given {
    uint64_t thing;
    bool gives;
    uint32_t site;
    friend auto operator<=>(const Given &, const Given &) = default;
  };
  uint64_t handedOver(BlockingWait::Kind kind, Sym object, const Scene &s);
  void addOwnHandOvers(const Scene &s, std::set<Given> &out);
  void addJoined(const WaitEvent &e, const Scene &s, std::set<Given> &out);
  void addThreadEnds(std::vector<std::set<Given>> &own) const;
  void emitHandOvers();

  Context &context;
  Symbols &syms;
  Identity identity;
  Contexts contexts;
  Steps steps;
  PointerCalls pointerCalls;
  ConditionalWays conditionalWays;
  LostConditions lostConditions;
  std::map<std::tuple<FunctionId, uint32_t, uint32_t>, Lost> lostBetween;
  ThreadReach threadReach;
  facts::Facts facts;
  std::shared_ptr<SourceOrder> order;
  std::map<FactContext, uint32_t> contextNumbers;
  std::map<std::pair<const RootSet *, bool>, std::vector<Reach>> knownReaches;
  std::map<NameId, RootSet> takers; // of locks that are local variables
  std::map<NameId, std::set<facts::LockKind>> kinds, initialKinds;
  std::map<Location, std::set<facts::LockKind>> initialByField; // of lock classes
  std::set<Location> embedded;   // locks' fields that are also known as a part of something
  std::set<NameId> ownerChecked; // hand-made re-entrant locks
  std::map<NameId, uint32_t> conditions, variables;
  std::vector<NameId> variableNames;
  std::vector<Sym> accessLocals; // by access: the local variable that it is of
  std::set<Sym> sharedLocals;
  // Handovers: functions whose callers release what they leave held; names that some function releases for
  // its callers, leaves held for them, or acquires and releases by itself.
  std::set<FunctionId> absorbed;
  std::set<NameId> releasedForCaller, balanced;
  std::set<WriteKey> balancedSpins;                 // locks made by hand of which the last is so
  std::map<NameId, std::set<FunctionId>> releasers; // ... by whom
  std::set<NameId> releasedForOutside;              // by a function that code outside the program can call
  std::map<NameId, RootSet> leftHeld;               // by code that these roots reach
  std::map<std::pair<FunctionId, uint32_t>, std::vector<std::vector<Atom>>> ownReleaseSites;
  std::set<std::pair<FunctionId, uint32_t>> lentReleaseSites; // ... of what a callee may have left held
  struct Waker {
    const NotifyEvent *event;
    ContextNumber context;
  };
  std::map<std::pair<BlockingWait::Kind, NameId>, std::vector<Waker>> wakers;
  std::map<std::pair<BlockingWait::Kind, ClassId>, std::vector<Waker>> namelessWakers; // by their class
  // Acquire facts between objects that are ordered: by lock pair, the directions seen.
  struct Direction {
    size_t acquire, held;
    bool up;
  };
  std::map<std::pair<NameId, NameId>, std::vector<Direction>> directions;
  // ... between an object and the one that a field of it points to: with the pointer, or against it.
  struct Link {
    size_t acquire, held;
    ClassId klass;
    uint32_t field;
    bool along;
  };
  std::map<NameId, std::vector<Link>> links; // by lock
  std::set<uint64_t> seen;
  std::set<FunctionId> joinedThreads; // by the object that keeps their handle
};

} // namespace gordian::link

#endif
