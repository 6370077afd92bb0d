// SPDX-License-Identifier: MIT
//
// What all parts of the summarising share: the program and the graphs over it (fixed), the interned symbols
// and witnesses (growing), the results by function. And the frame: the function under analysis.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_CONTEXT_H
#define GORDIAN_SOURCE_LINK_SUMMARY_CONTEXT_H

#include "source/link/callgraph/writes.h"
#include "source/link/program/shape.h"
#include "source/link/summary/events.h"

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

struct Context {
  Context(const Program &p, const Hierarchy &h, const FunctionFlow &fl, const CallGraph &g, const Writes &w)
      : program(p), hierarchy(h), flow(fl), graph(g), writes(w), summaries(p.functions().size()),
        events(p.functions().size()) {
    syms.setMemberPointers(
        MemberPointers(p, [&w](FieldRef f) { return w.changes(fieldKey(f.first, f.second)); }));
  }

  const Program &program;
  const Hierarchy &hierarchy;
  const FunctionFlow &flow;
  const CallGraph &graph;
  const Writes &writes;
  Symbols syms;
  Witnesses witnesses;
  std::vector<Summary> summaries;
  std::vector<FunctionEvents> events;
  /// What the fields of closures hold: a closure class is made in one place.
  std::map<std::pair<ClassId, uint32_t>, Capture> captures;
  /// Signal handlers that the program installs.
  std::set<FunctionId> handlers;
  std::optional<bool> longJumps;   // whether the program calls longjmp, once anyone asks
  std::deque<WriteSet> loopWrites; // owns the unions made for loops
  Cuts cuts;
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
