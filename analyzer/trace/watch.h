// SPDX-License-Identifier: MIT
//
// Watching traced processes while they run, from outside: which there are, whether one of them recorded a
// deadlock, and whether several of them block each other through process-shared locks, which none of them can
// see alone.
//
// Nothing is stopped and nothing is asked of the processes: headers and wait tables are read from their trace
// files. A deadlock across processes counts when two readings, some time apart, show the same waits (same
// wait numbers), none of which has a time limit.
#ifndef GORDIAN_TRACE_WATCH_H
#define GORDIAN_TRACE_WATCH_H

#include "trace/reader.h"

#include <map>
#include <set>
#include <sys/types.h>

namespace gordian::trace {

/// A wait slot of one of the files.
struct SlotPlace {
  std::string path;
  uint32_t thread = 0; // ThreadIndex
  uint32_t number = 0; // of the wait
  friend auto operator<=>(const SlotPlace &, const SlotPlace &) = default;
};

/// In the order of waiting: each waits for what the next one holds, circularly.
using SharedCycle = std::vector<SlotPlace>;

class Watcher {
public:
  /// Files that are in the folder already are of no interest.
  explicit Watcher(std::string folder);

  /// Looks once. True where a deadlock is there that was not there at the call before.
  bool poll();

  /// Trace files that appeared since the start, sorted.
  std::vector<std::string> files() const;

  /// Traced processes that still run.
  std::vector<pid_t> running() const;

  /// Deadlocks across processes found so far.
  const std::vector<SharedCycle> &sharedCycles() const { return cycles; }

private:
  struct Process {
    FileHeader header;
    bool readable = false;
  };
  void readHeaders();
  bool pollSharedLocks();

  std::string folder;
  std::set<std::string> before;
  std::map<std::string, Process> processes; // by path
  uint64_t deadlocksSeen = 0;
  std::set<SharedCycle> candidates; // of the reading before
  std::vector<SharedCycle> cycles;
};

/// The cycles of waits for process-shared locks among these files that span at least two of them.
std::vector<SharedCycle> findSharedCycles(const std::vector<TraceFile> &files);

} // namespace gordian::trace

#endif
