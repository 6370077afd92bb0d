// SPDX-License-Identifier: MIT
#include "hooks/wakeable.h"

#include "core/mappings.h"
#include "core/print.h"
#include "core/sys.h"
#include "hooks/layout.h"
#include "hooks/python.h"
#include "trace/objects.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

/// The object's bytes; its memory may be gone by now.
template <class T>
bool peek(uint64_t address, T &out) {
  return readMemory(address, &out, sizeof(out));
}

/// The mutex is free, or its owner is in a condition wait with it: on its way into the wait, which it
/// publishes before it gives the mutex back, or out of it. Either way somebody will have it.
bool mutexComesFree(uint64_t address, uint32_t lock) {
  pthread_mutex_t m;
  if (!peek(address, m) || m.__data.__lock == 0)
    return true;
  const ThreadState *owner = threadOfTid(uint32_t(m.__data.__owner));
  return owner && owner->slot->kind == ObjectKind::Condition && owner->slot->peer == lock;
}

/// The thread is about to give the mutex back, in its own condition wait: whoever hands work to and fro comes
/// here at each turn, and needs no memory read.
bool givesBack(const ThreadState *caller, Ref mutex) {
  const WaitSlot &s = *caller->slot;
  return (s.number & 1) && s.kind == ObjectKind::Condition && s.peer == mutex;
}

bool signalled(const ThreadState *t) {
  const Object *o = findObject(reinterpret_cast<const void *>(t->slot->address));
  return !o || o->signals != t->waitSignals;
}

bool joinedHasEnded(ThreadIndex joined) {
  for (uint32_t i = 0; i < threadSlots(); i++)
    if (const ThreadState *t = threadInSlot(i); t && t->index == joined)
      return false;
  return true; // or has not started yet
}

bool roundIsComplete(uint64_t address) {
  const Object *o = findObject(reinterpret_cast<const void *>(address));
  uint32_t count = 0;
  return !o || !peek(address + kBarrierCount, count) || count == 0 || o->arrivals % count == 0;
}

/// Is the thread asleep in the kernel's wait for this word? Then a change of the word alone does not wake it.
bool sleepsOn(uint32_t tid, uint64_t address) {
  PathText path;
  path.text("/proc/self/task/").decimal(tid).text("/syscall");
  const long fd = systemCall(SYS_openat, AT_FDCWD, long(path.c_str()), O_RDONLY | O_CLOEXEC);
  char text[128] = {};
  const long size = fd < 0 ? 0 : systemCall(SYS_read, fd, long(text), sizeof(text) - 1);
  if (fd >= 0)
    systemCall(SYS_close, fd);
  PathText expected;
  expected.decimal(SYS_futex).text(" 0x").hex(address).text(" ");
  return size > 0 && strncmp(text, expected.c_str(), strlen(expected.c_str())) == 0;
}

/// libstdc++'s futures wait for a futex that any process may wake, in memory that no other process has.
bool isSharedMemory(uint64_t address) {
  Mapping m;
  return !mappingAt(address, m) || m.shared;
}

} // namespace

bool canGoOn(const ThreadState *t, const ThreadState *caller) {
  const WaitSlot &s = *t->slot;
  const bool cancellable =
      s.kind == ObjectKind::Condition || s.kind == ObjectKind::Semaphore || s.kind == ObjectKind::Thread;
  if (cancellable && __atomic_load_n(&t->cancelled, __ATOMIC_SEQ_CST))
    return true;
  if ((s.flags & kWaitShared) && (s.kind != ObjectKind::Futex || isSharedMemory(s.address)))
    return true;
  switch (s.kind) {
  case ObjectKind::Mutex:
  case ObjectKind::RecursiveMutex:
  case ObjectKind::ErrorCheckMutex:
  case ObjectKind::AdaptiveMutex:
    return mutexComesFree(s.address, s.object);
  case ObjectKind::RwLock:
  case ObjectKind::WriterRwLock: {
    pthread_rwlock_t l;
    if (!peek(s.address, l))
      return true;
    const bool written = l.__data.__readers & kWriteLocked, read = l.__data.__readers >> kReaderShift;
    if (s.mode == Mode::Exclusive)
      return !written && !read;
    return s.kind == ObjectKind::RwLock ? !keepsReadersOut(l.__data.__readers)
                                        : !written && l.__data.__writers == 0;
  }
  case ObjectKind::Spin: {
    int value = 0;
    return !peek(s.address, value) || spinIsFree(value);
  }
  case ObjectKind::Semaphore: {
    uint32_t value = 1;
    return !peek(s.address, value) || value > 0;
  }
  case ObjectKind::Condition: {
    // Signalled, it still needs its mutex (peer names the lock; its address is kept with the condition).
    const Object *o = findObject(reinterpret_cast<const void *>(s.address));
    if (!signalled(t))
      return false;
    if (givesBack(caller, s.peer))
      return true;
    return !o || !o->mutex || mutexComesFree(reinterpret_cast<uintptr_t>(o->mutex), s.peer);
  }
  case ObjectKind::AnnotatedEvent:
    return signalled(t);
  case ObjectKind::Thread:
    return joinedHasEnded(s.peer);
  case ObjectKind::Barrier:
    return roundIsComplete(s.address);
  case ObjectKind::Futex: {
    uint32_t value = 0;
    return !peek(s.address, value) || (value != s.peer && !sleepsOn(t->tid, s.address));
  }
  case ObjectKind::Once: {
    uint32_t control = 0;
    return !peek(s.address, control) || (control & 2);
  }
  case ObjectKind::StaticGuard: {
    uint8_t done = 0;
    return !peek(s.address, done) || done;
  }
  case ObjectKind::Annotated:
  case ObjectKind::AnnotatedRecursive:
  case ObjectKind::AnnotatedRw: {
    const Object *o = findObject(reinterpret_cast<const void *>(s.address));
    return !o || o->owner == 0;
  }
  default:
    return true;
  }
}

bool outsiderCanWake() {
  char text[4096];
  const long size = readFile("/proc/self/status", text, sizeof(text) - 1);
  if (size <= 0)
    return true;
  text[size] = 0;
  const char *tracer = strstr(text, "\nTracerPid:\t");
  const char *caught = strstr(text, "\nSigCgt:\t");
  if (!tracer || !caught || tracer[12] != '0')
    return true;
  uint64_t mask = 0;
  for (const char *p = caught + 9; (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'f'); p++)
    mask = mask << 4 | uint64_t(*p <= '9' ? *p - '0' : *p - 'a' + 10);
  // Faults come from the thread itself, and a blocked thread does nothing; 32 and 33 are the C library's own.
  for (int harmless : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT, SIGPIPE, 32, 33})
    mask &= ~(uint64_t(1) << (harmless - 1));
  // CPython catches SIGINT to turn Ctrl-C into an exception; a program that waits for nothing else hangs for
  // its user.
  if (pythonIsThere())
    mask &= ~(uint64_t(1) << (SIGINT - 1));
  return mask != 0;
}

uint32_t kernelThreads() {
  const long fd =
      systemCall(SYS_openat, AT_FDCWD, long("/proc/self/task"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return UINT32_MAX;
  alignas(8) char buffer[4096];
  uint32_t count = 0;
  for (long size; (size = systemCall(SYS_getdents64, fd, long(buffer), sizeof(buffer))) > 0;)
    for (long at = 0; at < size;) {
      uint16_t length;
      memcpy(&length, buffer + at + 16,
             sizeof(length)); // struct linux_dirent64: inode, offset, length, type, name
      count += buffer[at + 19] != '.';
      at += length;
    }
  systemCall(SYS_close, fd);
  return count;
}

} // namespace gordian::runtime
