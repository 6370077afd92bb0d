// SPDX-License-Identifier: MIT
//
// Locks of files. One that belongs to an open file (flock, OFD locks) excludes threads that opened it each
// for themselves: whoever takes it comes behind those who gave it back (nothing is said of orders between
// such a lock and others: may miss). One that belongs to the process (lockf, F_SETLK) excludes no thread;
// that it was given back is recorded for the other processes.
//
// While it is held, the descriptor's channel is the file's, so that closing it gives the lock back.
#include "core/sys.h"
#include "hooks/channels.h"
#include "hooks/real.h"

#include <cstdarg>
#include <fcntl.h>
#include <sys/file.h>

namespace gordian::runtime {

namespace {

void taken(int descriptor, CallPoint at) {
  if (const uint32_t channel = fileChannel(descriptor)) {
    setChannel(descriptor, channel);
    receiveThrough(channel, at);
  }
}

void givingBack(int descriptor, CallPoint at) {
  if (const uint32_t channel = fileChannel(descriptor)) {
    sendThrough(channel, at);
    setChannel(descriptor, 0);
  }
}

template <class Real>
int lockFile(int descriptor, bool takes, CallPoint at, Real call) {
  if (!takes)
    givingBack(descriptor, at);
  const int result = call();
  if (takes && result == 0)
    taken(descriptor, at);
  return result;
}

void lockForProcess(int descriptor, bool takes, CallPoint at) {
  if (!takes)
    if (const uint32_t channel = fileChannel(descriptor))
      sendThrough(channel, at);
}

/// Whether a lock is taken, not given back. What cannot be read the kernel refuses.
bool takes(const void *argument) {
  struct flock lock;
  return !readMemory(reinterpret_cast<uintptr_t>(argument), &lock, sizeof(lock)) || lock.l_type != F_UNLCK;
}

template <class Real>
int control(int descriptor, int operation, void *argument, CallPoint at, Real call) {
  switch (operation) {
  case F_DUPFD:
  case F_DUPFD_CLOEXEC: {
    const int result = call();
    copied(descriptor, result);
    return result;
  }
  case F_SETLK:
  case F_SETLKW:
    lockForProcess(descriptor, takes(argument), at);
    return call();
  case F_OFD_SETLK:
  case F_OFD_SETLKW:
    return lockFile(descriptor, takes(argument), at, call);
  default:
    return call();
  }
}

} // namespace

GORDIAN_HOOK(flock, int, (int object, int operation)) {
  return lockFile(object, (operation & ~LOCK_NB) != LOCK_UN, GORDIAN_CALL_POINT(),
                  [=] { return GORDIAN_REAL(flock)(object, operation); });
}

GORDIAN_HOOK(lockf, int, (int object, int operation, off_t size)) {
  lockForProcess(object, operation != F_ULOCK, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(lockf)(object, operation, size);
}

GORDIAN_HOOK(lockf64, int, (int object, int operation, off64_t size)) {
  lockForProcess(object, operation != F_ULOCK, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(lockf64)(object, operation, size);
}

// Whatever the third argument is, it fills one register.
#define GORDIAN_CONTROL(name)                                                                                \
  GORDIAN_HOOK(name, int, (int object, int operation, ...)) {                                                \
    va_list more;                                                                                            \
    va_start(more, operation);                                                                               \
    void *argument = va_arg(more, void *);                                                                   \
    va_end(more);                                                                                            \
    return control(object, operation, argument, GORDIAN_CALL_POINT(),                                        \
                   [=] { return GORDIAN_REAL(name)(object, operation, argument); });                         \
  }

GORDIAN_CONTROL(fcntl)
GORDIAN_CONTROL(fcntl64)

} // namespace gordian::runtime
