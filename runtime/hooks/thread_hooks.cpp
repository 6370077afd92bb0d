// SPDX-License-Identifier: MIT
//
// Threads: created with a known parent, joined, ended. A thread runs a trampoline first, which makes its
// state; its end is noticed by a thread-specific key whose destructor puts itself off to the last round, so
// that what other destructors release counts as released.
//
// A joinable thread has an Object at its pthread_t: who it is, and, once it has ended, its last epoch.
#include "core/arena.h"
#include "hooks/entry.h"
#include "hooks/real.h"
#include "hooks/threads.h"
#include "hooks/waits.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/session.h"
#include "trace/writer.h"

#include <climits>
#include <cstring>

namespace gordian::runtime {

using namespace gordian::trace;

constinit uint32_t joinsWaiting = 0;

namespace {

/// What pthread_create hands over to the new thread.
struct Start {
  Start *next;
  void *(*routine)(void *);
  int (*routineC11)(void *);
  void *argument;
  ThreadBirth birth;
};

constinit FutexLock startLock;
constinit Start *freeStarts = nullptr;
constinit pthread_key_t endKey = 0;
constinit bool haveEndKey = false;

Start *takeStart() {
  if (Locked locked(startLock); locked && freeStarts) {
    Start *s = freeStarts;
    freeStarts = s->next;
    return s;
  }
  return arena.make<Start>();
}

void giveBackStart(Start *s) {
  if (Locked locked(startLock); locked) {
    s->next = freeStarts;
    freeStarts = s;
  }
}

const void *handleKey(uintptr_t handle) {
  return reinterpret_cast<const void *>(handle);
}

/// The thread's last words: what it still holds, its last epoch for whoever joins it.
void ending(ThreadState *t) {
  if (Recording r(t); r) {
    const HeldKind kind = t->endKind == uint8_t(ThreadEndKind::Return) ? HeldKind::ThreadReturn
                          : t->endKind == uint8_t(ThreadEndKind::Exit) ? HeldKind::ThreadExit
                                                                       : HeldKind::ThreadCancelled;
    if (!t->heldTold)
      recordHeld(r, kind, t->exitContext);
    if (Object *o = objectAt(handleKey(t->handle))) {
      o->owner = t->index;
      publishAt(t, o);
    }
    checkStallAtEnd(r);
  }
  const bool looked = t->ending;
  endThread(t);
  if (looked)
    hasEnded();
}

void keyDestructor(void *state) {
  auto *t = static_cast<ThreadState *>(state);
  if (hot.state != t)
    return;
  if (++t->destructorRounds < PTHREAD_DESTRUCTOR_ITERATIONS) {
    pthread_setspecific(endKey, state);
    return;
  }
  ending(t);
}

void watchEnd(ThreadState *t) {
  t->endKind = uint8_t(ThreadEndKind::Cancelled); // until it returns or exits
  if (haveEndKey)
    pthread_setspecific(endKey, t);
}

ThreadState *begin(Start *start) {
  ThreadState *t = startThread(start->birth);
  __atomic_sub_fetch(&threadsStarting, 1, __ATOMIC_RELEASE);
  if (!t) {
    attachment = Attachment::Gone; // a thread that could not be attached stays unknown: its locks would be
                                   // half a story
    return nullptr;
  }
  watchEnd(t);
  if (Object *o = objectAt(handleKey(t->handle))) {
    setLast(o, {});
    o->owner = t->index;
    if (__atomic_load_n(&o->signals, __ATOMIC_SEQ_CST)) // cancelled before it began
      __atomic_store_n(&t->cancelled, true, __ATOMIC_SEQ_CST);
  }
  return t;
}

void *threadMain(void *argument) {
  const Start start = *static_cast<Start *>(argument);
  ThreadState *t = begin(static_cast<Start *>(argument));
  giveBackStart(static_cast<Start *>(argument));
  void *result = start.routine(start.argument);
  if (t)
    t->endKind = uint8_t(ThreadEndKind::Return);
  return result;
}

int threadMainC11(void *argument) {
  const Start start = *static_cast<Start *>(argument);
  ThreadState *t = begin(static_cast<Start *>(argument));
  giveBackStart(static_cast<Start *>(argument));
  const int result = start.routineC11(start.argument);
  if (t)
    t->endKind = uint8_t(ThreadEndKind::Return);
  return result;
}

/// Of the stack that the C library will make; 0 where it does not say.
size_t stackSizeOf(const pthread_attr_t *attributes) {
  size_t size = 0;
  if (attributes)
    return pthread_attr_getstacksize(attributes, &size) == 0 ? size : 0;
  pthread_attr_t usual;
  if (pthread_getattr_default_np(&usual) != 0)
    return 0;
  if (pthread_attr_getstacksize(&usual, &size) != 0)
    size = 0;
  pthread_attr_destroy(&usual);
  return size;
}

/// Null: the thread is created without the runtime.
Start *prepareStart(ThreadState *t, CallPoint at, uintptr_t routine, const pthread_attr_t *attributes) {
  Recording r(t);
  Start *start = r ? takeStart() : nullptr;
  if (!start)
    return nullptr;
  const uint64_t site = callKey(at, t->stack);
  start->birth = {newThreadIndex(),       t->index, 0, contextAt(t, at, site), routine, t->nestedPast,
                  stackSizeOf(attributes)};
  OperationFacts facts = {OperationKind::Create};
  facts.other = start->birth.index;
  recordOperation(r, facts, at, site);
  start->birth.parentEpoch = publish(t).epoch;
  __atomic_add_fetch(&threadsStarting, 1, __ATOMIC_RELEASE);
  return start;
}

/// The new thread says the same when it starts; but it may be joined before.
void created(uintptr_t handle, ThreadIndex index) {
  if (Object *o = objectAt(handleKey(handle))) {
    o->owner = index;
    __atomic_store_n(&o->signals, 0, __ATOMIC_SEQ_CST);
  }
}

void notStarted(Start *start) {
  __atomic_sub_fetch(&threadsStarting, 1, __ATOMIC_RELEASE);
  giveBackStart(start);
}

/// Who is behind the handle; 0: unknown. The main thread and those that no hook saw being created have no
/// Object, but may be joined as well.
ThreadIndex threadBehind(uintptr_t handle) {
  if (const Object *o = findObject(handleKey(handle)))
    return o->owner;
  for (uint32_t i = 0; i < threadSlots(); i++)
    if (const ThreadState *t = threadInSlot(i); t && t->handle == handle)
      return t->index;
  return 0;
}

class JoinWait {
public:
  JoinWait(ThreadState *t, uintptr_t handle, Wait wait, CallPoint at) : t_(t), handle_(handle) {
    Recording r(t);
    if (!r || wait == Wait::Try)
      return;
    const uint64_t site = callKey(at, t->stack);
    OperationFacts facts = {OperationKind::Join, uint8_t(wait == Wait::Timed ? kOperationTimed : 0)};
    facts.other = threadBehind(handle);
    recordOperation(r, facts, at, site);
    WaitFacts waitFacts = {ObjectKind::Thread};
    waitFacts.flags = wait == Wait::Timed ? kWaitTimed : 0;
    waitFacts.held = heldNode(r);
    waitFacts.context = contextAt(t, at, site);
    waitFacts.peer = facts.other;
    waitFacts.address = handleKey(handle);
    __atomic_add_fetch(&joinsWaiting, 1, __ATOMIC_SEQ_CST);
    waiting_ = true;
    waitNumber_ = beginWait(r, waitFacts);
  }

  void finish(bool joined) {
    endWait(t_, waitNumber_);
    if (waiting_)
      __atomic_sub_fetch(&joinsWaiting, 1, __ATOMIC_RELAXED);
    Object *o = joined ? findObject(handleKey(handle_)) : nullptr;
    if (!o)
      return;
    if (Recording r(t_); r)
      absorb(t_, OrderKind::Join, kNoRef, lastOf(o).thread, lastOf(o).epoch, hasNestedPast(o), nullptr);
    removeObject(handleKey(handle_));
  }

  static void cancelled(void *wait) { static_cast<JoinWait *>(wait)->finish(false); }

private:
  ThreadState *t_;
  uintptr_t handle_;
  uint32_t waitNumber_ = 0;
  bool waiting_ = false;
};

template <class Real>
int join(uintptr_t handle, Wait wait, CallPoint at, Real call) {
  ThreadState *t = enter();
  if (!t)
    return call();
  JoinWait waiting(t, handle, wait, at);
  const int result = callCancellable(JoinWait::cancelled, &waiting, call);
  waiting.finish(result == 0);
  return result;
}

void exiting(CallPoint at) {
  ThreadState *t = enter();
  if (!t)
    return;
  t->endKind = uint8_t(ThreadEndKind::Exit);
  if (Recording r(t); r)
    t->exitContext = contextAt(t, at, callKey(at, t->stack));
}

} // namespace

void prepareThreads() {
  haveEndKey = pthread_key_create(&endKey, keyDestructor) == 0;
  watchThreadEnd = watchEnd;
}

void resetThreadLock() {
  startLock.reset();
}

GORDIAN_HOOK(pthread_create, int,
             (pthread_t * object, const pthread_attr_t *attributes, void *(*routine)(void *),
              void *argument)) {
  ThreadState *t = enter();
  auto *create = GORDIAN_REAL(pthread_create);
  Start *start =
      t ? prepareStart(t, GORDIAN_CALL_POINT(), reinterpret_cast<uintptr_t>(routine), attributes) : nullptr;
  if (!start)
    return create(object, attributes, routine, argument);
  start->routine = routine;
  start->argument = argument;
  const ThreadIndex index = start->birth.index;
  const int result = create(object, attributes, threadMain, start);
  if (result != 0)
    notStarted(start);
  else
    created(*object, index);
  return result;
}

GORDIAN_HOOK(thrd_create, int, (thrd_t * object, int (*routine)(void *), void *argument)) {
  ThreadState *t = enter();
  auto *create = GORDIAN_REAL(thrd_create);
  Start *start =
      t ? prepareStart(t, GORDIAN_CALL_POINT(), reinterpret_cast<uintptr_t>(routine), nullptr) : nullptr;
  if (!start)
    return create(object, routine, argument);
  start->routineC11 = routine;
  start->argument = argument;
  const ThreadIndex index = start->birth.index;
  const int result = create(object, threadMainC11, start);
  if (result != thrd_success)
    notStarted(start);
  else
    created(*object, index);
  return result;
}

GORDIAN_HOOK(pthread_join, int, (pthread_t object, void **result)) {
  return join(object, Wait::Block, GORDIAN_CALL_POINT(),
              [=] { return GORDIAN_REAL(pthread_join)(object, result); });
}

GORDIAN_HOOK(pthread_tryjoin_np, int, (pthread_t object, void **result)) {
  return join(object, Wait::Try, GORDIAN_CALL_POINT(),
              [=] { return GORDIAN_REAL(pthread_tryjoin_np)(object, result); });
}

GORDIAN_HOOK(pthread_timedjoin_np, int, (pthread_t object, void **result, const timespec *until)) {
  return join(object, Wait::Timed, GORDIAN_CALL_POINT(),
              [=] { return GORDIAN_REAL(pthread_timedjoin_np)(object, result, until); });
}

GORDIAN_HOOK(pthread_clockjoin_np, int,
             (pthread_t object, void **result, clockid_t clock, const timespec *until)) {
  return join(object, Wait::Timed, GORDIAN_CALL_POINT(),
              [=] { return GORDIAN_REAL(pthread_clockjoin_np)(object, result, clock, until); });
}

GORDIAN_HOOK(thrd_join, int, (thrd_t object, int *result)) {
  return join(object, Wait::Block, GORDIAN_CALL_POINT(),
              [=] { return GORDIAN_REAL(thrd_join)(object, result); });
}

GORDIAN_HOOK(pthread_exit, void, (void *object)) {
  exiting(GORDIAN_CALL_POINT());
  GORDIAN_REAL(pthread_exit)(object);
}

GORDIAN_HOOK(thrd_exit, void, (int object)) {
  exiting(GORDIAN_CALL_POINT());
  GORDIAN_REAL(thrd_exit)(object);
}

/// Whoever waits where it may be cancelled goes on soon; told before, since it may be looked at meanwhile.
GORDIAN_HOOK(pthread_cancel, int, (pthread_t object)) {
  if (Object *o = findObject(handleKey(object)))
    __atomic_store_n(&o->signals, 1, __ATOMIC_SEQ_CST);
  forEachThread(
      [](ThreadState *t, void *handle) {
        if (t->handle != reinterpret_cast<uintptr_t>(handle))
          return true;
        __atomic_store_n(&t->cancelled, true, __ATOMIC_SEQ_CST);
        return false;
      },
      reinterpret_cast<void *>(object));
  return GORDIAN_REAL(pthread_cancel)(object);
}

GORDIAN_HOOK(pthread_setname_np, int, (pthread_t object, const char *name)) {
  const int result = GORDIAN_REAL(pthread_setname_np)(object, name);
  ThreadState *t = enter();
  if (result != 0 || !t)
    return result;
  const Object *o = findObject(handleKey(object));
  nameThread(t, object == t->handle ? t->index : o ? o->owner : 0, name);
  return result;
}

void nameThread(ThreadState *t, ThreadIndex index, const char *name) {
  Recording r(t);
  if (!r || index == 0)
    return;
  const size_t length = strnlen(name, 256);
  auto *record = reserveRecord<ThreadNameRecord>(t->index, length);
  if (!record)
    return;
  record->thread = index;
  record->length = uint32_t(length);
  memcpy(record + 1, name, length);
  TraceFile::commit(record, RecordKind::ThreadName);
}

} // namespace gordian::runtime
