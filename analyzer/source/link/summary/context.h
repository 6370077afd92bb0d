// SPDX-License-Identifier: MIT
//
// What all parts of the summarising share: the program and the graphs over it (fixed), the interned symbols
// and witnesses (growing), the results by function. And the frame: the function under analysis.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_CONTEXT_H
#define GORDIAN_SOURCE_LINK_SUMMARY_CONTEXT_H

#include "source/link/callgraph/spin_locks.h"
#include "source/link/callgraph/writes.h"
#include "source/link/program/shape.h"
#include "source/link/summary/events.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace gordian::link {

/// Everything that was cut for lack of budget, to be told to the user.
struct Cuts {
  unsigned functions = 0; // whose fixpoint was not reached
  unsigned states = 0;    // merged or dropped beyond the limit
  unsigned requests = 0;  // summary entries that did not fit
};

/// What a closure's field was given, in the frame of the function that made the closure.
struct Capture {
  FunctionId maker = kNone;
  Sym value = kNoSym;
};

/// By class and number of a closure's field. A closure class is made in one place.
using Captures = std::map<std::pair<ClassId, uint32_t>, Capture>;

/// The fields in which methods keep closures for their own object, with the closures.
using OwnClosures = std::set<std::pair<FieldRef, FunctionId>>;

/// What is known before any function is looked at.
struct World {
  World(const Program &p, const Hierarchy &h, const FunctionFlow &fl, const CallGraph &g, const Writes &w)
      : program(p), hierarchy(h), flow(fl), graph(g), writes(w),
        pointers(p, [&w](FieldRef f) { return w.changes(fieldKey(f.first, f.second)); }), spins(p),
        longJumps(std::any_of(p.functions().begin(), p.functions().end(), [](const FunctionEntry &e) {
          return e.row && e.row->effect == Effect::LongJump;
        })) {}

  const Program &program;
  const Hierarchy &hierarchy;
  const FunctionFlow &flow;
  const CallGraph &graph;
  const Writes &writes;
  MemberPointers pointers;
  SpinLocks spins;
  bool longJumps; // the program calls longjmp
};

/// Finds the summary of a function that was analysed in another context.
class OtherSummaries {
public:
  virtual ~OtherSummaries() = default;
  virtual Summary find(FunctionId f, struct Context &c) const = 0;
};

/// The whole program's, or of one component of the call graph while it is analysed: then what its functions
/// call is brought in from the others when it is asked for.
struct Context {
  explicit Context(const World &w, const OtherSummaries *o = nullptr)
      : world(w), program(w.program), hierarchy(w.hierarchy), flow(w.flow), graph(w.graph), writes(w.writes),
        others(o), syms(&w.pointers), summaries(w.program.functions().size()),
        events(w.program.functions().size()), present(o ? w.program.functions().size() : 0, false) {}

  const Summary &summaryOf(FunctionId f) {
    if (others && !present[f]) {
      keep(f);
      summaries[f] = others->find(f, *this);
    }
    return summaries[f];
  }
  /// The summary of `f` is made here.
  void keep(FunctionId f) {
    present[f] = true;
    touched.push_back(f);
  }
  /// Makes room for the next component.
  void forget();

  const World &world;
  const Program &program;
  const Hierarchy &hierarchy;
  const FunctionFlow &flow;
  const CallGraph &graph;
  const Writes &writes;
  const OtherSummaries *others;
  Symbols syms;
  Witnesses witnesses;
  std::vector<Summary> summaries;
  std::vector<FunctionEvents> events;
  Captures captures; // what the fields of closures hold
  /// Containers that what the library gave belongs to: results of `*it`, `it->second`, `m.at(k)`.
  std::map<Sym, Sym> elementOf;
  /// The field of a function's own object that it stores a closure in, with the closure.
  OwnClosures ownClosures;
  /// Signal handlers that the program installs.
  std::set<FunctionId> handlers;
  std::deque<WriteSet> loopWrites; // owns the unions made for loops
  Cuts cuts;

private:
  std::vector<bool> present;       // by function: its summary is here
  std::vector<FunctionId> touched; // these
};

struct Frame {
  FunctionId id = kNone;
  UnitId unit = 0;
  const ir::Function *ir = nullptr;
  Shape shape;
  std::vector<Places> loopPlaces;                          // by loop
  std::vector<const WriteSet *> loopWrites, loopOwnWrites; // by loop; own: without those of callees
  std::vector<bool> loopJoins;                             // by loop: joins threads inside and starts none
  ir::Id jumpBlock = kNone;                                // has a call of setjmp ...
  uint32_t jumpIndex = 0;                                  // ... which is this instruction
  bool notifies = false;                                   // calls a condition's notify itself
  unsigned maxStates = 8;
};

} // namespace gordian::link

#endif
