// SPDX-License-Identifier: MIT
//
// The trace: what the runtime writes inside a watched process and what the analyser reads afterwards (or, for
// the wait table, while the process runs). Data only: no function here does I/O, so writer and reader share
// one layout. docs/trace-format.md says the same in prose.
//
// File. One file for each process, `gordian.<pid>.<nonce in hex>.trace`, mapped by the writer, native byte
// order:
//
//     0                  FileHeader                         one page
//     kWaitTableOffset   WaitSlot[kWaitSlots]               one slot for each live thread, re-used
//     kChunkBase         Chunk 0, Chunk 1, ...              kChunkSize bytes each, FileHeader::chunks of them
//
// A Chunk is a ChunkHeader and then records. Several threads may own chunks at the same time, so the order of
// the records in the file is no order in time; every record that needs one carries thread and epoch.
//
// Records. Each begins with one 32-bit word, RecordHeader, that is both size and commit: the writer first
// stores {Pending, size}, then the payload, then {kind, size} with release order. A reader walks a chunk by
// the sizes, skips Pending records, and stops at a zero word or where the chunk or the file ends. So a file
// that was cut anywhere reads up to the damage, and a process killed at any instruction loses at most the
// records it was writing. A record never changes after its commit but for the fields marked "mutable", which
// are single aligned stores. Unknown kinds are skipped by their size. Sizes are multiples of 8; padding is
// zero.
//
// References. A Ref names a record by its file offset / 8; kNoRef (0) is none. Lock ids, context ids and node
// ids are Refs. A Ref may point forward, and (in a damaged file) to a record that is not there.
//
// Threads and epochs. Threads are numbered from 1 in the order of their creation (never re-used; 1 is the
// thread that loaded the runtime). Each has an epoch, a counter that starts at 1 and moves only at ordering
// events. An OrderRecord says: all that thread `peer` did in its epochs <= peerEpoch happens before all that
// `thread` does in its epochs >= epoch. With program order (epochs of one thread) and ThreadStart (parent,
// parentEpoch) these are all the edges of happens-before, and vector clocks follow: clock(t, e) = join of its
// incoming edges with epoch <= e. Nothing else in the file is needed to order things, and mutex
// release-to-acquire is never recorded but for monitors (OrderKind).
//
// Locksets. A NodeRecord is an abstract acquire, one for each (thread, chain of held locks with their modes
// and contexts, lock, mode, context); `parent` is the node of the lock acquired before it and still held. So
// the path from a node's parent to the root is the set of locks held at the acquisition, each with mode and
// context, innermost first. A node with kNodeSynthetic is no acquisition, it only stands in such a path:
// locks are not always released in stack order, and what is left then needs a path of its own.
#ifndef GORDIAN_TRACE_FORMAT_H
#define GORDIAN_TRACE_FORMAT_H

#include <cstdint>

#include "trace/words.h"

namespace gordian::trace {

constexpr uint64_t kMagic = 0x01454341525447ull; // "GTRACE\1\0" in little-endian order
constexpr uint32_t kVersion = 1;                 // changes when an old reader would misread a new file
constexpr uint32_t kChunkMagic = 0x4b4e4843;     // "CHNK"
constexpr uint64_t kWaitTableOffset = 4096;
constexpr uint32_t kWaitSlots = 8192;
constexpr uint64_t kChunkBase = 0x90000;
constexpr uint32_t kChunkSize = 0x10000;

using Ref = uint32_t;
constexpr Ref kNoRef = 0;
constexpr uint64_t refOffset(Ref r) {
  return uint64_t(r) * 8;
}
constexpr Ref offsetRef(uint64_t offset) {
  return Ref(offset / 8);
}

using ThreadIndex = uint32_t; // 0: unknown
using Epoch = uint32_t;       // 0: before everything

// ---------------------------------------------------------------------------------------------------------------
// Fixed part

struct FileHeader {
  uint64_t magic;
  uint32_t version;
  uint32_t headerSize; // sizeof(FileHeader)
  uint32_t machine;    // ELF e_machine
  uint32_t pageSize;
  uint32_t pid;
  uint32_t parentPid;
  uint64_t nonce;          // of this file
  uint64_t parentNonce;    // of the file of the process that forked this one; 0: not forked while traced
  uint64_t startRealtime;  // ns since 1970
  uint64_t startMonotonic; // ns
  Ref exe;                 // StringRecords
  Ref commandLine;         // arguments, each ended by a NUL
  Ref workingDirectory;
  ThreadIndex forkThread; // in the parent's file; 0 where not forked
  Epoch forkEpoch;
  uint32_t underRun; // 1: `gordian run` watches this process

  uint64_t waitTableOffset;
  uint32_t waitSlots; // slots in the table
  uint32_t waitSlotSize;
  uint64_t chunkBase;
  uint32_t chunkSize;
  uint32_t chunks; // mutable: chunks claimed so far

  // Mutable from here on.
  uint32_t endState;  // EndState
  int32_t exitStatus; // for Exited and QuickExit
  uint64_t endMonotonic;
  uint32_t incomplete; // bits
  uint32_t
      wake; // futex word: moved and woken (FUTEX_WAKE, shared) when a deadlock was recorded or at the end
  uint32_t deadlocks; // DeadlockRecords written
  uint32_t threads;   // threads numbered so far
  uint32_t liveThreads;
  uint32_t slotsUsed;        // slots [0, slotsUsed) have been used at some time
  uint32_t moduleGeneration; // see ModuleRecord
  uint32_t
      signalHandlers; // 1: the program installed a signal handler: it may wake a thread, so no stall verdicts
  uint64_t dropped[kDroppedCount];
};

/// What a thread is blocked in, or about to. Written by the thread itself. The protocol for another process
/// or thread: read `number`; an even number is "not waiting"; read the rest; read `number` again, equal means
/// a whole reading. Two equal readings some time apart mean that it has been in this one wait throughout. (A
/// lock that is taken by another thread between the hook's look at it and the real call is waited for
/// unpublished; the runtime's own check sees through that, another process does not.)
struct WaitSlot {
  uint32_t tid; // kernel thread id; 0: slot free
  ThreadIndex thread;
  uint32_t number; // odd while waiting, moves twice for each wait
  ObjectKind kind;
  Mode mode;
  uint8_t flags; // WaitFlags
  uint8_t unused;
  Ref object; // lock, condition, semaphore, barrier ...; kNoRef for Thread
  Ref held;   // node of the innermost lock held, kNoRef: nothing held. For Condition: without the mutex
  Ref context;
  uint32_t peer;    // Thread: the ThreadIndex joined; Condition: Ref of the mutex; Futex: the value expected
  uint64_t address; // of the object
  uint64_t reserved[3];
};
enum WaitFlags : uint8_t {
  kWaitTimed = 1,     // ends by itself: never part of a deadlock
  kWaitReacquire = 2, // the re-acquisition inside a condition wait
  kWaitShared = 4,    // the object is process-shared
  kWaitUntracked = 8, // `held` is not complete
};

struct ChunkHeader {
  uint32_t magic;
  uint32_t index;
  uint32_t used;      // mutable: bytes handed out, from the chunk's start; may exceed kChunkSize when full
  ThreadIndex thread; // who claimed it
};

// ---------------------------------------------------------------------------------------------------------------
// Records

enum class RecordKind : uint8_t {
  None = 0,
  String = 1,
  Module = 2,
  ThreadStart = 3,
  ThreadEnd = 4,
  ThreadName = 5,
  Lock = 6,
  SharedLock = 7,
  Context = 8,
  SourceStack = 9,
  Node = 10,
  Instance = 11,
  Class = 12,
  Operation = 13,
  Order = 14,
  OrderGap = 15,
  Monitor = 16,
  Misuse = 17,
  Held = 18,
  Deadlock = 19,
  Log = 20,
  End = 21,
  LockName = 22,
  Pending = 255, // being written, or its writer was killed
};

struct RecordHeader {
  uint16_t units;  // whole record / 8 bytes
  uint8_t flags;   // by kind
  RecordKind kind; // stored last
};
constexpr uint32_t recordBytes(RecordHeader h) {
  return uint32_t(h.units) * 8;
}

/// `length` bytes follow, no terminator.
struct StringRecord {
  RecordHeader header;
  uint32_t length;
};

/// A module was loaded at (or removed from) the address. A program counter captured in generation g belongs
/// to the module with loaded <= g that covers it and has no unload record with generation in (loaded, g].
struct ModuleRecord {
  RecordHeader header; // flags: 1 = unload
  uint32_t generation;
  uint64_t base;       // load bias (dlpi_addr): file address = run-time address - base
  uint64_t begin, end; // run-time extent of its segments
  Ref path;            // StringRecord; empty name is the main program, resolved to its path
  uint8_t buildIdSize;
  uint8_t buildId[27];
};

struct ThreadStartRecord {
  RecordHeader header;
  ThreadIndex thread;
  uint32_t tid;
  ThreadIndex parent;    // 0: not created through a hook
  Epoch parentEpoch;     // the parent's epochs <= this happen before the thread
  Ref context;           // of the creation, in the parent
  uint64_t startRoutine; // 0 unknown. For std::thread a libstdc++ function: the context tells more
  uint64_t time;         // CLOCK_MONOTONIC, ns
};

/// header.flags: how it ended.
enum class ThreadEndKind : uint8_t { Return = 0, Exit = 1, Cancelled = 2 };
struct ThreadEndRecord {
  RecordHeader header;
  ThreadIndex thread;
  Epoch epoch;
  uint32_t unused;
  uint64_t time;
};

/// `length` bytes follow. Later ones win.
struct ThreadNameRecord {
  RecordHeader header;
  ThreadIndex thread;
  uint32_t length;
  uint32_t unused;
};

/// A lock or other object: one for each generation, that is from its initialisation (seen, or concluded from
/// zeroed memory) to its destruction or the re-use of its memory. All Refs `lock`, `object`, `condition` name
/// these.
struct LockRecord {
  RecordHeader header; // flags: kLock*
  ObjectKind kind;
  uint8_t unused[3];
  uint64_t address;
  Ref context;        // where it was initialised (kLockInitialised) or first used
  ThreadIndex thread; // by whom
  uint32_t
      initial; // semaphore: initial value (at first sight where initialisation was not seen); barrier: count
  uint32_t generation; // 1 for the first at this address, as far as known; 0 unknown
  uint32_t state;      // mutable, bits
  Ref name; // StringRecord, from annotate.h; kNoRef usually (named by debug data). See LockNameRecord
};

struct LockNameRecord { // a name given later than the lock was recorded
  RecordHeader header;
  Ref lock;
  Ref name;
  uint32_t unused;
};

/// Identity of a process-shared lock across processes.
struct SharedLockRecord {
  RecordHeader header;
  Ref lock;
  uint64_t device, inode, offset; // of the mapping; device 0 and inode 0: not known
};

/// A calling context, captured once: `frames` return addresses follow (uint64_t), innermost first, starting
/// in the function that called the C library's (or annotate.h's) lock function. Each is a return address: the
/// call is at address - 1. header.flags: kContext*.
struct ContextRecord {
  RecordHeader header;
  uint32_t frames;
  Ref source;          // SourceStackRecord to be shown above `frames`, kNoRef: none
  uint32_t generation; // FileHeader::moduleGeneration at capture
  uint64_t key;        // what tells it from other contexts of the run
};
enum : uint8_t {
  kContextTruncated = 1, // more frames existed than are kept
  kContextBroken = 2,    // unwinding ended before the thread's start
  kContextSite = 4,      // only the call site is right: the limit of contexts for it was reached
  kContextSignal = 8,    // captured inside a signal handler
};

/// Frames known by name: an interpreter's, or the place that annotate.h was given. `frames` SourceFrames
/// follow, innermost first.
struct SourceStackRecord {
  RecordHeader header; // flags: SourceLanguage
  uint32_t frames;
};
enum class SourceLanguage : uint8_t { C = 0, Python = 1 };
struct SourceFrame {
  Ref file; // StringRecords
  Ref function;
  uint32_t line;
  uint32_t unused;
};

/// An abstract acquire; see Locksets above. Written when it happens for the first time in its thread.
struct NodeRecord {
  RecordHeader header; // flags: kNode*
  Ref parent;          // node of the lock held next to it, kNoRef: held nothing
  Ref lock;
  Ref context;
  ThreadIndex thread;
  Epoch firstEpoch;
  Epoch lastEpoch; // mutable
  uint32_t epochs; // mutable: number of different epochs it happened in, saturating
};
enum : uint8_t {
  kNodeShared = 1,     // Mode::Shared
  kNodeTry = 2,        // try-acquire that succeeded: no edge into it
  kNodeTimed = 4,      // request with a time limit
  kNodeSynthetic = 8,  // no acquisition: path element only
  kNodeReacquire = 16, // the re-acquisition at the end of a condition wait (a blocking request)
  kNodeBlocked = 32,   // mutable (set once): it had to wait at least once
  kNodeInherited = 64, // held at fork, or transferred: acquired before this file or by another thread
  kNodeMonitor = 128,  // the mutex was known as a monitor when the node was written
};

/// The node happened in `epoch`: one for each of its first kInstances epochs, and from then on where their
/// number is a power of two; for nodes with a parent.
/// `count` sequence numbers follow (uint32_t): of the node's own lock, then of the held ones up the path, as
/// far as known (0: unknown). The sequence number of a lock counts its exclusive acquisitions in all threads.
struct InstanceRecord {
  RecordHeader header;
  Ref node;
  Epoch epoch;
  uint32_t count;
};
constexpr uint32_t kInstances = 16;

/// Nodes that were not recorded because (thread, parent's context, context) already had its share. mutable:
/// the last three fields. Nodes of the class are a true prefix of what happened.
struct ClassRecord {
  RecordHeader header;
  ThreadIndex thread;
  Ref parentContext; // kNoRef: outermost
  Ref context;
  uint32_t dropped; // saturating
  Epoch firstEpoch, lastEpoch;
  uint32_t unused;
};

/// A synchronising operation that is no acquisition, once for each (thread, kind, object, held locks,
/// context).
enum class OperationKind : uint8_t {
  None = 0,
  ConditionWait = 1, // other = the mutex
  Signal = 2,
  Broadcast = 3,
  SemaphoreWait = 4, // not while lock-like
  SemaphorePost = 5,
  BarrierWait = 6,
  Join = 7,      // other = ThreadIndex of the thread joined (the first one)
  Create = 8,    // other = ThreadIndex of the thread created (the first one)
  FutexWait = 9, // syscall(SYS_futex)
  FutexWake = 10,
  EventWait = 11, // annotate.h
  EventSet = 12,
  OnceWait = 13, // waited for another thread's initialiser
};
struct OperationRecord {
  RecordHeader header; // flags: kOperation*
  ThreadIndex thread;
  Ref object; // kNoRef for Join and Create
  uint32_t other;
  Ref held; // node of the innermost lock held. ConditionWait: without the mutex
  Ref context;
  Epoch firstEpoch;
  Epoch lastEpoch; // mutable
  OperationKind kind;
  uint8_t unused[3];
  uint32_t
      mutexNode; // ConditionWait: node by which the mutex was held, kNoRef: it was not held by this thread
};
enum : uint8_t {
  kOperationTimed = 1,
  kOperationTry = 2,
  kOperationNotHeld = 4,    // ConditionWait: the mutex is not held by the caller
  kOperationOtherMutex = 8, // ConditionWait: other threads wait on the condition with another mutex right now
  kOperationBlocked = 16,   // mutable (set once): it had to wait at least once
  kOperationRecursive = 32, // ConditionWait: the mutex is held more than once (stays locked)
};

/// An edge of happens-before; see Threads and epochs. header.flags: OrderKind.
enum class OrderKind : uint8_t {
  None = 0,
  Join = 1,
  Semaphore = 2, // post -> the wait that took its unit
  Condition = 3, // signal or broadcast -> woken wait
  Barrier = 4,
  Once = 5,    // end of the initialiser -> who finds it done
  Futex = 6,   // wake -> woken wait
  Monitor = 7, // release -> acquire of `object`, a mutex used with a condition variable. Must not be used to
               // refute a cycle that contains `object`
  Annotated = 8, // gordian_happens_before -> gordian_happens_after, event set -> event wait
  Shared = 9,    // reserved
  Channel = 10,  // write -> read of a pipe or the like, like a Barrier's rounds; a signal sent -> awaited
  Process = 11,  // the end of the process with the id `peer` -> who waited for it
};
struct OrderRecord {
  RecordHeader header;
  ThreadIndex thread;
  Epoch epoch; // `thread` entered this epoch by the event
  Ref object;  // kNoRef for Join
  ThreadIndex peer;
  Epoch peerEpoch;
};

/// From `epoch` on, edges into `thread` are missing (history or the object's share was used up): its later
/// operations may be ordered after others without the file showing it.
struct OrderGapRecord {
  RecordHeader header;
  ThreadIndex thread;
  Epoch epoch;
  Ref object; // kNoRef: all objects
};

/// The mutex is a monitor from now on: it was passed to a condition wait, or a notifier held it or had
/// released it last. `epoch` begins here; nodes of the mutex without kNodeMonitor happened, for the first
/// time, before it.
enum class MonitorKind : uint8_t { Waited = 0, NotifiedHeld = 1, NotifiedAfterRelease = 2 };
struct MonitorRecord {
  RecordHeader header; // flags: MonitorKind
  Ref lock;
  Ref condition;
  ThreadIndex thread;
  Epoch epoch;
  uint32_t unused;
};

enum class MisuseKind : uint8_t {
  None = 0,
  Relock = 1,           // acquires exclusively what it holds exclusively, not re-entrant
  Upgrade = 2,          // holds it shared, asks for exclusive
  Downgrade = 3,        // holds it exclusive, asks for shared
  SharedReentry = 4,    // shared twice, and the kind does not allow it, or a writer waits
  ReleaseNotHeld = 5,   // nobody holds it
  ReleaseOther = 6,     // `other` holds it
  ReleaseWrongMode = 7, // e.g. mtx_unlock on ... : held in another mode than the release names
  DestroyHeld = 8,      // destroyed while `other` (or this thread) holds it
  DestroyWaited = 9,    // destroyed while somebody waits for it
  InitHeld = 10,        // initialised again while held
  WaitNotHeld = 11,     // condition wait whose mutex the caller does not hold
  OwnerDead = 12,       // robust mutex: its owner ended while it held it (lock answered EOWNERDEAD)
  UnlockInOtherProcess = 13,
};
struct MisuseRecord {
  RecordHeader header; // flags: MisuseKind
  ThreadIndex thread;
  Epoch epoch;
  Ref lock;
  Ref held;    // node of the innermost lock held by `thread` at that moment
  Ref context; // of the misuse
  Ref node;    // how this thread (re-acquire, destroy) or `other` (release, destroy) holds it; kNoRef unknown
  ThreadIndex other;
  uint64_t
      earlierRelease; // program counter (return address) of this thread's previous release of it, 0 unknown
  int32_t error; // what the real function returned (EDEADLK, EPERM, EBUSY); 0 success, -1 not known (it never
                 // returned)
  uint8_t flags; // kNodeTry, kNodeTimed, kNodeShared of the request
  uint8_t unused[3];
};

/// Still held where its holder leaves.
enum class HeldKind : uint8_t {
  ThreadReturn = 0,
  ThreadExit = 1,
  ThreadCancelled = 2,
  ProcessExit = 3,      // `thread` called exit or returned from main
  ProcessExitOther = 4, // another thread holds it while the process exits: usually nothing wrong
};
struct HeldRecord {
  RecordHeader header; // flags: HeldKind
  ThreadIndex thread;  // the holder
  Ref node;            // how it was acquired
  Ref context;         // where it leaves, kNoRef unknown
  Ref lock;
  Epoch epoch;
};

/// Threads that block each other, seen twice at a distance. `participants` Participants follow, each followed
/// by its `held` HeldLocks. In a cycle, participant i waits for what participant i + 1 (cyclically) holds.
enum class DeadlockKind : uint8_t {
  Cycle = 0,
  Self = 1,
  Stall = 2,  // every thread of the process is blocked and nothing can wake one
  Orphan = 3, // the holder has ended
};
struct DeadlockRecord {
  RecordHeader header; // flags: DeadlockKind
  uint32_t participants;
  uint64_t time; // CLOCK_MONOTONIC, ns
};
struct DeadlockParticipant {
  ThreadIndex thread;
  uint32_t tid;
  ObjectKind kind; // what it waits for
  Mode mode;
  uint8_t flags; // WaitFlags
  uint8_t unused;
  Ref object;
  uint32_t peer; // as in WaitSlot
  Ref context;
  uint32_t held; // HeldLocks that follow
  uint32_t unused2;
  uint64_t address;
};
struct DeadlockHeld {
  Ref lock;
  Ref context; // of its acquisition
  Mode mode;
  uint8_t flags; // kNode*
  uint8_t unused[6];
};

/// `length` bytes of text follow.
enum class LogLevel : uint8_t { Note = 0, Warning = 1, Error = 2 };
struct LogRecord {
  RecordHeader header; // flags: LogLevel
  uint32_t length;
};

/// The process left in an orderly way: nothing after this in time. FileHeader::endState says how.
struct EndRecord {
  RecordHeader header;
  ThreadIndex thread;
  uint64_t time;
};

static_assert(sizeof(FileHeader) <= kWaitTableOffset);
static_assert(sizeof(WaitSlot) == 64, "one cache line");
static_assert(sizeof(RecordHeader) == 4 && sizeof(ChunkHeader) == 16);
static_assert(sizeof(NodeRecord) == 32);

} // namespace gordian::trace

#endif
