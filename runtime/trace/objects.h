// SPDX-License-Identifier: MIT
//
// Identity of locks and of everything else that threads synchronise on.
//
// An address is no identity: std::mutex calls neither init nor destroy, so memory that held one lock may hold
// another one later without a word. Where glibc leaves a field of the lock unused, the identity lies there
// ("in place"): two words of a mutex that is neither robust nor priority-changing nor process-shared (its
// links of the robust list), one word of a rwlock, two of a semaphore that turned out to be a lock
// (semaphore_hooks.cpp). Initialisers, constructors and *_init zero the field, so
// zero means "a lock that was never seen", and bits of the address together with a number of this process's
// trace, kept beside the id, catches locks that were copied, moved by realloc, or left in memory by another
// run.
//
// Every other kind has an Object, found by address in a side table; so has a mutex that became a monitor
// (order.h). Those kinds are initialised and destroyed by calls that are hooked. May merge two generations
// where a destroy is left out; memcmp of locks sees our field (docs/limits.md).
#ifndef GORDIAN_TRACE_OBJECTS_H
#define GORDIAN_TRACE_OBJECTS_H

#include "core/local.h"
#include "trace/thread_state.h"

namespace gordian::runtime {

/// A hand-off that nobody has taken yet.
struct Handoff {
  trace::ThreadIndex thread;
  trace::Epoch epoch;
};

/// What the side table knows of one object. Most fields are single words, written under no lock: a lost race
/// between two threads that use one object at once costs an ordering edge at most.
struct Object {
  const void *address; // null: removed
  trace::Ref lock;     // its LockRecord
  trace::ObjectKind kind;
  uint8_t flags;    // trace::kLock*
  bool handoff;     // a semaphore of which each post orders, whoever took the unit
  bool callerKnown; // CPython's: who takes it has been looked at
  bool nestedPast;  // ThreadState::nestedPast of the last one that published here
  uint8_t tokenCount;
  uint32_t generation;
  uint32_t sequence;        // exclusive acquisitions (side-table locks, monitors)
  alignas(8) Handoff last;  // who published here last: released, posted, signalled, finished; as one word
  uint32_t signals;         // condition, event, futex: notifications so far; thread: cancelled
  uint32_t edges;           // ordering events spent on it
  trace::ThreadIndex owner; // annotated and side-table exclusive locks, once
  uint32_t arrivals;        // barrier, channel
  uint32_t received;        // channel: arrivals that `owner`, the last one who received, knows of
  trace::ThreadIndex virtualThread; // barrier, channel: stands for a round in ordering events
  const void *mutex;                // condition: that of the last wait
  uint32_t waiters;                 // condition: now
  static constexpr unsigned kTokens = 8;
  Handoff tokens[kTokens];        // semaphore: posts that no wait has taken yet, oldest first
  uint32_t initialUnits;          // semaphore: units it began with that no wait has taken yet
  trace::ThreadIndex foreignPost; // semaphore: who demoted it by the last operation on it, and
  uint64_t foreignSite;           // where in the Python program
  uint32_t busy;                  // see Exclusive
};

inline void setLast(Object *o, Handoff last) {
  __atomic_store(&o->last, &last, __ATOMIC_RELEASE);
}
inline Handoff lastOf(const Object *o) {
  Handoff last;
  __atomic_load(&o->last, &last, __ATOMIC_ACQUIRE);
  return last;
}
inline bool hasNestedPast(const Object *o) {
  return __atomic_load_n(&o->nestedPast, __ATOMIC_RELAXED);
}

/// A few instructions on an Object's tokens, alone. Gives up after a while: whoever holds it may be the very
/// thread that this signal handler interrupted.
class Exclusive {
public:
  explicit Exclusive(Object *o) : o_(o) {
    for (unsigned i = 0; i < 2000; i++) {
      if (!__atomic_exchange_n(&o_->busy, 1, __ATOMIC_ACQUIRE)) {
        held_ = true;
        return;
      }
      while (i++ < 2000 && __atomic_load_n(&o_->busy, __ATOMIC_RELAXED)) {
      }
    }
  }
  Exclusive(const Exclusive &) = delete;
  ~Exclusive() {
    if (held_)
      __atomic_store_n(&o_->busy, 0, __ATOMIC_RELEASE);
  }
  explicit operator bool() const { return held_; }

private:
  Object *o_;
  bool held_ = false;
};

/// The object at the address, null: none known. Lock-free.
Object *findObject(const void *address);

/// The same, made where there is none. Null: out of room (counted).
Object *objectAt(const void *address);

/// Its life has ended: the next one at this address is another generation.
void removeObject(const void *address);

/// Calls visit for each object known (diagnosis only).
void forEachObject(bool (*visit)(Object *o, void *data), void *data);

extern FutexLock objectsLock;
void forgetObjects(); // in the child of a fork

// ---------------------------------------------------------------------------------------------------------------

/// Facts about a lock's kind that its record needs.
struct LockTraits {
  trace::ObjectKind kind;
  uint8_t flags = 0; // trace::kLock*
  uint32_t initial = 0;
};

trace::Ref writeLock(ThreadState *t, const void *address, LockTraits traits, trace::Ref context,
                     uint32_t generation);
void setLockState(trace::Ref lock, uint32_t bits);
void clearLockState(trace::Ref lock, uint32_t bits);
uint32_t lockState(trace::Ref lock);
const trace::LockRecord *lockRecord(trace::Ref lock); // null where there is none

/// The identity of an object of the side table; made at its first use, at `at`.
trace::Ref identify(ThreadState *t, Object *o, LockTraits traits, CallPoint at, uint64_t key);

// In place
// -------------------------------------------------------------------------------------------------------

/// {tag, id}; then, for mutexes and semaphores, the sequence number.
struct PlaceWords {
  uint64_t id;
  uint64_t second;
};

/// Where the words lie: glibc's __data.__list of a mutex, __data.__pad2 of a rwlock, behind the value of a
/// semaphore. Checked at start (hooks/layout.h).
constexpr size_t kMutexPlace = 24;
constexpr size_t kRwLockPlace = 40;
constexpr size_t kSemaphorePlace = 16;
inline uint64_t *placeIn(const void *lock, size_t place) {
  return reinterpret_cast<uint64_t *>(const_cast<char *>(static_cast<const char *>(lock)) + place);
}

/// Of the address, that part in which two locks of one process differ.
GORDIAN_LOCAL extern uint32_t placeNonce;
inline uint32_t placeTag(const void *address) {
  return uint32_t(reinterpret_cast<uintptr_t>(address)) ^ placeNonce;
}
constexpr uint32_t kMonitorTag = 0x5bd1e995; // xor'ed into the tag of a monitor

/// True where the word is the plain identity of the lock at `address`; `lock` is it then.
inline bool placedIdentity(const void *address, uint64_t word, trace::Ref &lock) {
  lock = trace::Ref(word);
  return uint32_t(word >> 32) == placeTag(address);
}
/// The same, read from the lock: the halves one after the other, which keeps a register free. Once a lock has
/// an identity only the tag changes.
inline __attribute__((always_inline)) bool readIdentity(const void *address, size_t place, trace::Ref &lock) {
  const auto *halves = reinterpret_cast<const uint32_t *>(placeIn(address, place));
  constexpr unsigned kLow = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 1;
  if (__atomic_load_n(&halves[1 - kLow], __ATOMIC_ACQUIRE) != placeTag(address))
    return false;
  lock = __atomic_load_n(&halves[kLow], __ATOMIC_RELAXED);
  return true;
}
inline bool placedMonitor(const void *address, uint64_t word, trace::Ref &lock) {
  lock = trace::Ref(word);
  return uint32_t(word >> 32) == (placeTag(address) ^ kMonitorTag);
}

/// The word of an identity.
inline uint64_t identityWord(const void *address, trace::Ref lock, uint32_t tagChange = 0) {
  return uint64_t(placeTag(address) ^ tagChange) << 32 | lock;
}
/// Either of the two.
inline bool placedAtAll(const void *address, uint64_t word, trace::Ref &lock) {
  return placedIdentity(address, word, lock) || placedMonitor(address, word, lock);
}

/// Makes (or finds, when another thread is faster) the identity in the word. kNoRef: no room in the trace.
trace::Ref identifyInPlace(ThreadState *t, uint64_t *word, const void *address, LockTraits traits,
                           CallPoint at, uint64_t key);

} // namespace gordian::runtime

#endif
