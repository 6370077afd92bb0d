// SPDX-License-Identifier: MIT
//
// What the parts of the replay share: the recording, the names, and the Facts that are being filled. Locks
// get their number in Facts when a fact first speaks of them.
#ifndef GORDIAN_TRACE_REPLAY_STATE_H
#define GORDIAN_TRACE_REPLAY_STATE_H

#include "trace/lock_names.h"
#include "trace/order.h"
#include "trace/replay.h"

#include <set>

namespace gordian::trace {

class Replay {
public:
  Replay(std::vector<TraceFile> files, Symbolizer &symbolizer);
  facts::Facts run(const std::vector<SharedCycle> &shared);

  // Vocabulary for the parts, each of which fills one kind of facts.
  facts::LockId lockId(uint32_t number);
  facts::Held heldFact(uint32_t node);
  std::vector<facts::Held> heldFacts(const std::vector<uint32_t> &nodes);
  facts::Acquire acquireFact(uint32_t node);
  std::string threadName(uint32_t thread);
  /// A lock by which the interpreter or CPython's own library signals: taken here, released there.
  bool isSignal(uint32_t lock) const;
  bool isInternalObject(uint32_t number);

  std::shared_ptr<const Recording> recording;
  Symbolizer &symbolizer;
  Stacks stacks;
  LockNames names;
  facts::Facts facts;

private:
  std::map<uint32_t, facts::LockId> lockIds;
  std::map<uint32_t, std::string> threadNames;
};

// The parts, in the order in which they run.
void addAcquires(Replay &replay);
void addMisuses(Replay &replay);
void addReentries(Replay &replay);
void addHeldAtExits(Replay &replay);
void addConditions(Replay &replay);
void addBlocks(Replay &replay);
void addDeadlocks(Replay &replay, const std::vector<SharedCycle> &shared);

/// The nodes that addAcquires delivers: of locks that lie on a cycle of the lock-order graph.
std::vector<uint32_t> nodesOnCycles(const Recording &recording);

} // namespace gordian::trace

#endif
