// SPDX-License-Identifier: MIT
//
// What the runtime knows of one thread. The state is mapped memory, found through one initial-exec TLS
// pointer, and pooled: a thread that ends leaves it to the next one. Committed per thread: the cache (16
// KiB), a page or two of held locks, this head. (A large TLS block instead would make threads with small
// stacks fail to start.)
//
// Only its own thread writes a state, with the marked exceptions; other threads read the held stack while its
// thread is blocked, and a signal handler may use it in the middle of any operation. So updates are ordered
// for that: `top` moves before an entry is filled (a handler then works above it) and pops by one store.
#ifndef GORDIAN_TRACE_THREAD_STATE_H
#define GORDIAN_TRACE_THREAD_STATE_H

#include "core/call_site.h"
#include "core/futex_lock.h"
#include "trace/format.h"

namespace gordian::runtime {

/// HeldEntry::state: low 16 bits count the levels of a re-entrant lock (or read locks), then mode, then
/// flags.
constexpr uint32_t kHeldOnce = 1; // one level, exclusive, nothing special
constexpr uint32_t kHeldLevels = 0xffff;
constexpr uint32_t kHeldShared = 1u << 16;
constexpr uint32_t kHeldMonitor = 1u << 24;   // its release is an ordering event
constexpr uint32_t kHeldRechained = 1u << 25; // the lock below it was released first
constexpr uint32_t kHeldSemaphore = 1u << 26;
constexpr uint32_t kHeldTry = 1u << 27;
constexpr uint32_t kHeldTimed = 1u << 28;
constexpr uint32_t kHeldReacquired = 1u << 29;
constexpr uint32_t kHeldInherited = 1u << 30;
constexpr uint32_t kHeldInLock = 1u << 31; // identity (and a mutex's sequence number) lies in the lock itself
constexpr uint32_t kHeldPlain = kHeldOnce | kHeldInLock;

struct HeldEntry {
  void *address;
  uint64_t chain;  // rolling hash of the chain up to and including this entry
  trace::Ref node; // kNoRef: not recorded (yet); then the rest is valid, else it follows from the node
  uint32_t state;
  uint64_t site;          // callKey of the acquisition
  trace::Ref lock;        // kNoRef: without identity
  trace::ObjectKind kind; // None: that of `lock`
};

/// One word for each cached acquire: (hash of chain and epoch) << 32 | node. A hit says that it is on record
/// for this epoch.
using CacheEntry = uint64_t;

/// The cache's backing store: all nodes of the thread by chain; grows by doubling. And the classes, see
/// ClassRecord.
struct NodeSlot {
  uint64_t key;
  trace::Ref node;
  uint32_t unused;
};
struct ClassSlot {
  uint64_t key;
  uint32_t nodes;
  trace::Ref dropped; // ClassRecord
};
struct FullClass {
  uint64_t key;
  trace::ClassRecord *record;
};
template <class Slot>
struct GrowingTable {
  Slot *slots = nullptr;
  uint32_t capacity = 0; // power of two
  uint32_t used = 0;
};

/// A unit taken from a semaphore and not yet given back; see order.h.
struct SemaphoreUnit {
  const void *address;
  trace::ThreadIndex from; // who posted it, 0: an initial unit
  trace::Epoch epoch;
};

/// A request or wait that annotate.h has begun and not ended. Some are nested: a queue's wait inside a
/// pool's.
struct AnnotatedWait {
  const void *object;
  const void *lock; // the condition's, until it is released
  uint64_t site;
  uint32_t signals;
  uint32_t number;
  uint32_t state; // of the acquisition: kHeldOnce and flags
  uint8_t kind;   // gordian_kind
  bool timed;
};

struct ThreadState {
  static constexpr unsigned kCacheBits = 11;
  static constexpr unsigned kMaxHeld = 4000;
  static constexpr unsigned kUnits = 16;

  StackExtent stack;
  trace::Epoch epoch;
  trace::ThreadIndex index;
  uintptr_t lastReleasePc; // where the entry above the top was released: it is the lock released last
  trace::WaitSlot *slot;   // never null; a private one where the table is full
  HeldEntry *heldTop;      // last entry in use, held[0] is the bottom and no lock; null once it has ended
  uint32_t tid;

  bool dirty;         // something was recorded in this epoch
  bool published;     // another thread may know this epoch
  bool nestedPast;    // in its past (of any thread) locks were nested: its order can matter to a cycle
  uint8_t busy;       // inside the recording part: a signal handler's operations are not recorded
  uint8_t endKind;    // trace::ThreadEndKind
  bool heldTold;      // what it holds at its end is on record
  bool ending;        // it will do nothing more that another thread could wait for
  bool countsClasses; // some class has had its share of nodes: its acquisitions are only counted
  uint32_t overflow;  // locks held beyond kMaxHeld
  uint32_t slotIndex;
  uint32_t destructorRounds;
  HeldEntry
      *blockedTop; // its top while it waits (the number of its slot is odd); for the eyes of other threads
  uint32_t waitSignals; // Object::signals of the condition or event when the wait began
  uint32_t foreign;     // written by others: locks of this thread that they released, see below
  const void *foreignReleases[4];

  bool cancelled;    // written by others: pthread_cancel was called for it
  uintptr_t handle;  // pthread_t
  ThreadState *next; // in the pool
  GrowingTable<NodeSlot> nodes;
  GrowingTable<ClassSlot> classes;
  FullClass fullClasses[64]; // those that dropped lately, by hash
  SemaphoreUnit units[kUnits];
  uint32_t unitCount;
  trace::Ref exitContext;
  static constexpr unsigned kAnnotated = 8;
  AnnotatedWait annotated[kAnnotated];
  uint32_t annotatedCount;
  trace::WaitSlot privateSlot;
  CallStack scratch;

  HeldEntry *top() const { return heldTop; }
  void setTop(HeldEntry *e) {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    heldTop = e;
  }
  HeldEntry *bottom() { return &held[0]; }

  alignas(64) CacheEntry cache[1u << kCacheBits];
  HeldEntry held[kMaxHeld + 8];
};

/// What every acquisition needs first, in the thread's own TLS: two words.
struct ThreadHot {
  ThreadState *state; // null: hooks of this thread forward only, or it is not known yet
};
extern __thread ThreadHot hot __attribute__((tls_model("initial-exec")));

/// Whether hooks of this thread record.
enum class Attachment : uint8_t { Fresh = 0, Attached, Ignoring, Gone };
extern __thread Attachment attachment __attribute__((tls_model("initial-exec")));

/// This thread's state, made now where the thread was not created through our hook. Null: hooks forward only
/// (before start, after the thread's end, inside the runtime itself, or out of memory).
ThreadState *attachThread();

/// What a new thread brings along.
struct ThreadBirth {
  trace::ThreadIndex index;
  trace::ThreadIndex parent;
  trace::Epoch parentEpoch;
  trace::Ref context;
  uintptr_t startRoutine;
  bool nestedPast;
  size_t stackSize; // 0: not known
};
ThreadState *startThread(const ThreadBirth &birth);
void endThread(ThreadState *t);

trace::ThreadIndex newThreadIndex();

extern FutexLock threadsLock; // of the list of threads

/// The live thread in the slot, null: none. States are never unmapped.
ThreadState *threadInSlot(uint32_t slot);
uint32_t threadSlots(); // slots [0, this) may be in use
ThreadState *threadOfTid(uint32_t tid);
uint32_t liveThreads();

/// Calls visit(state) for every live thread until it says false; none of them ends meanwhile.
void forEachThread(bool (*visit)(ThreadState *t, void *data), void *data);

/// In the child of a fork: only `t` is left.
void keepOnly(ThreadState *t);

/// Another thread released a lock that `t` holds: `t` forgets it at its next recording.
void forgetLater(ThreadState *t, const void *address);

/// ... and yet it still holds it, unless it has forgotten already.
void rememberAgain(const void *address);

} // namespace gordian::runtime

#endif
