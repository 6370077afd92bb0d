// SPDX-License-Identifier: MIT
//
// Recording: the records of one or several processes that belong to one run, as plain tables with numbers of
// their own.
//
// Threads, locks, nodes and operations of all processes are numbered through, so that the rest of the replay
// does not care about processes: a fork is an edge of happens-before like a thread's creation, and a
// process-shared lock that two processes name by one (device, inode, offset) is one lock. References that
// lead nowhere (damage) become kNone and the thing that needs them is left out.
//
// Held sets. A node's held locks are the nodes on the path from its parent to the root (trace/format.h,
// Locksets). Semaphores that turned out not to be used as locks (some post came from another thread than the
// holder, or the initial value was not one) are no locks: their nodes are left out of every path.
#ifndef GORDIAN_TRACE_RECORDING_H
#define GORDIAN_TRACE_RECORDING_H

#include "trace/happens_before.h"
#include "trace/reader.h"

#include <optional>
#include <unordered_map>

namespace gordian::trace {

constexpr uint32_t kNone = ~0u;

/// A context (or any record that is looked at later) of one of the processes.
struct Place {
  uint32_t process = 0;
  Ref ref = kNoRef;
  bool known() const { return ref != kNoRef; }
  friend auto operator<=>(const Place &, const Place &) = default;
};

struct ThreadInfo {
  uint32_t process = 0;
  ThreadIndex index = 0; // in its process
  uint32_t tid = 0;
  uint32_t parent = kNone; // thread number; of the forking thread for a forked process's first
  Epoch parentEpoch = 0;
  Place created; // context of the creation, in the parent
  uint64_t startRoutine = 0;
  std::string name; // given by the program
};

struct LockInfo {
  uint32_t process = 0;
  Ref record = kNoRef;
  ObjectKind kind = ObjectKind::None;
  uint8_t flags = 0;  // kLock*
  uint32_t state = 0; // kLockLike ...
  uint64_t address = 0;
  Place first; // initialisation or first use
  uint32_t thread = kNone;
  uint32_t initial = 0;
  uint32_t generation = 0;
  std::string name;    // from annotate.h
  bool isLock() const; // false: a semaphore that is none, a condition, a barrier ...
};

struct Instance {
  Epoch epoch = 0;
  std::vector<uint32_t>
      sequence; // of the node's lock, then of the held ones up the path as recorded; 0 unknown
};

struct NodeInfo {
  Place record;
  uint32_t parent = kNone; // node
  uint32_t lock = kNone;
  Place context;
  uint32_t thread = kNone;
  Epoch firstEpoch = 0, lastEpoch = 0;
  uint32_t epochs = 0;
  uint8_t flags = 0; // kNode*
  std::vector<Instance> instances;
  Mode mode() const { return flags & kNodeShared ? Mode::Shared : Mode::Exclusive; }
  bool blocking() const { return !(flags & (kNodeTry | kNodeTimed)); }
  /// Are all its epochs recorded one by one?
  bool complete() const { return instances.size() >= epochs; }
};

struct OperationInfo {
  OperationKind kind = OperationKind::None;
  uint8_t flags = 0; // kOperation*
  uint32_t thread = kNone;
  uint32_t object = kNone; // lock number
  uint32_t other = kNone;  // ConditionWait: the mutex (lock number); Join, Create: thread number
  uint32_t held = kNone;   // node
  uint32_t mutexNode = kNone;
  Place context;
  Epoch firstEpoch = 0, lastEpoch = 0;
};

class Recording {
public:
  /// Takes the files of one run (or of several, then they share nothing).
  explicit Recording(std::vector<TraceFile> files);

  const std::vector<TraceFile> &files() const { return processes; }
  const TraceFile &file(uint32_t process) const { return processes[process]; }

  std::vector<ThreadInfo> threads;
  std::vector<LockInfo> locks;
  std::vector<NodeInfo> nodes;
  std::vector<OperationInfo> operations;
  HappensBefore order{0};

  /// Nodes held at `node`'s acquisition, innermost first, locks only; `from` itself included where asked for.
  std::vector<uint32_t> heldBelow(uint32_t node) const;
  std::vector<uint32_t> heldFrom(uint32_t node) const;

  /// Numbers of what a process's records name; kNone where they name nothing.
  uint32_t threadOf(uint32_t process, ThreadIndex index) const;
  uint32_t lockOf(uint32_t process, Ref ref) const;
  uint32_t nodeOf(uint32_t process, Ref ref) const;

  /// True where ordering events of the thread are missing from `epoch` on.
  bool gapBefore(uint32_t thread, Epoch epoch) const;

private:
  void addThreads(uint32_t process);
  void addLocks(uint32_t process);
  void addNodes(uint32_t process);
  void addOperations(uint32_t process);
  void addOrder();
  void addEarlierSections();
  void addProcessEnd(uint32_t process, uint32_t pid, uint32_t thread, Epoch epoch);
  void link();
  bool overlap(uint32_t p, uint32_t q) const;

  std::vector<TraceFile> processes;
  struct Maps {
    std::unordered_map<ThreadIndex, uint32_t> threads;
    std::unordered_map<Ref, uint32_t> locks, nodes;
  };
  std::vector<Maps> maps;
  std::vector<Epoch> firstGap; // by thread
};

} // namespace gordian::trace

#endif
