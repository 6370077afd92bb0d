// SPDX-License-Identifier: MIT
//
// How the primitives tell of themselves: to libgordian.so (gordian/annotate.h)
// where it is in the process, to ThreadSanitizer where the program was built
// with it. Where neither is, each call is one load and one test.
//
// annotate.h's weak symbols stay null in executables that are not
// position-independent, so the functions are looked up by name, once, at the
// first call that needs them.
//
// The place of a call inside a standard header (std::lock_guard's body) is
// nobody's source line: it is passed on as unknown, and the runtime takes the
// place from the stack.
#ifndef GORDIAN_SYNC_REPORT_H
#define GORDIAN_SYNC_REPORT_H

#include "gordian/annotate.h"
#include "gordian/lock.h"

namespace gordian::report {

/// Whether somebody listens. May be true before it is known: then the calls
/// below find out.
inline std::atomic<bool> listening{true};
inline bool quiet() {
  return !listening.load(std::memory_order_relaxed);
}

// The bodies, called only where somebody may be listening.
void tellCreated(const void *object, int kind, const char *name);
void tellDestroyed(const void *object);
void tellRequest(const void *lock, int kind, int flags, const Place &place);
void tellAcquired(const void *lock, bool acquired);
void tellRelease(const void *lock, const Place &place);
int tellReleaseAll(const void *lock, const Place &place);
void tellRestored(const void *lock, int levels, const Place &place);
void tellWait(const void *object, int kind, const void *lock, int flags, const Place &place);
void tellWaited(const void *object, bool woken);
void tellNotify(const void *object, int kind, bool all, const Place &place);
void tellObserved(const void *object);
void tellThreadName(const char *name);

inline void created(const void *object, int kind, const char *name) {
  if (!quiet())
    tellCreated(object, kind, name);
}
inline void destroyed(const void *object) {
  if (!quiet())
    tellDestroyed(object);
}

/// An acquisition from the request to its outcome; ended by `acquired` or, with
/// the outcome false, by itself.
class Request {
public:
  Request(const void *lock, int kind, int flags, const Place &place) : lock_(quiet() ? nullptr : lock) {
    if (lock_)
      tellRequest(lock_, kind, flags, place);
  }
  ~Request() {
    if (lock_)
      tellAcquired(lock_, acquired_);
  }
  Request(const Request &) = delete;
  Request &operator=(const Request &) = delete;
  bool ended(bool acquired) { return acquired_ = acquired; }

private:
  const void *lock_;
  bool acquired_ = false;
};

/// The flags of a wait. Only one that will block may be told as such, and only
/// under the monitor, where no notifier can come in between: the runtime takes
/// whoever waits for blocked, and a program all of whose threads wait for dead.
inline int waitFlags(bool blocks, const Timeout &timeout) {
  return !blocks ? GORDIAN_TRY : timeout.given() ? GORDIAN_TIMED : 0;
}

/// A wait for something that is no lock, likewise.
class Wait {
public:
  Wait(const void *object, int kind, const void *lock, int flags, const Place &place)
      : object_(quiet() ? nullptr : object) {
    if (object_)
      tellWait(object_, kind, lock, flags, place);
  }
  ~Wait() {
    if (object_)
      tellWaited(object_, woken_);
  }
  Wait(const Wait &) = delete;
  Wait &operator=(const Wait &) = delete;
  bool ended(bool woken) { return woken_ = woken; }

private:
  const void *object_;
  bool woken_ = false;
};

/// Before the fact: afterwards the lock is another thread's.
inline void released(const void *lock, const Place &place) {
  if (!quiet())
    tellRelease(lock, place);
}
inline int releasedAll(const void *lock, const Place &place) {
  return quiet() ? 0 : tellReleaseAll(lock, place);
}
inline void restored(const void *lock, int levels, const Place &place) {
  if (!quiet())
    tellRestored(lock, levels, place);
}
/// Before the fact.
inline void notified(const void *object, int kind, bool all, const Place &place) {
  if (!quiet())
    tellNotify(object, kind, all, place);
}

/// The caller has seen what a notifier of `object` did, without waiting for it.
inline void observed(const void *object) {
  if (!quiet())
    tellObserved(object);
}

} // namespace gordian::report

#endif
