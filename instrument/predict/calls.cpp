// SPDX-License-Identifier: MIT
//
// Calls: the shadow call stack, the calls that leave instrumented code (inserted by the pass, ../pass), and
// the annotations by which programs speak to ThreadSanitizer, wrapped by the linker.
//
// Code that is not instrumented reads and writes memory and may synchronise, all unseen. So
//   - the critical sections in which it runs are opaque (engine.h), and
//   - where it is not known to be a mere library function without threads in it, all that is done before such
//   a call is
//     ordered before all that follows a later one.
#include "pass/mark.h"
#include "predict/agent.h"

extern "C" {
void __real___tsan_func_entry(void *);
void __real___tsan_func_exit();
void __real___tsan_acquire(void *);
void __real___tsan_release(void *);
void __real_AnnotateIgnoreReadsBegin(char *, int);
void __real_AnnotateIgnoreReadsEnd(char *, int);
void __real_AnnotateIgnoreWritesBegin(char *, int);
void __real_AnnotateIgnoreWritesEnd(char *, int);
void __real_AnnotateHappensBefore(char *, int, unsigned long);
void __real_AnnotateHappensAfter(char *, int, unsigned long);
void __real___tsan_mutex_post_lock(void *, unsigned, int);
int __real___tsan_mutex_pre_unlock(void *, unsigned);
}

using namespace gordian::predict;

GORDIAN_VISIBLE void __wrap___tsan_func_entry(void *caller) {
  if (Agent *agent = awake()) {
    agent->calls.enter(uintptr_t(caller), uintptr_t(__builtin_frame_address(0)), agent->inOpaqueCode);
    agent->inOpaqueCode = false;
  }
  __real___tsan_func_entry(caller);
}

GORDIAN_VISIBLE void __wrap___tsan_func_exit() {
  if (Agent *agent = awake())
    agent->inOpaqueCode = agent->calls.leave();
  __real___tsan_func_exit();
}

/// A library function without threads of its own will read or write memory.
GORDIAN_VISIBLE void __gordian_memory_call() {
  Agent *agent = awake();
  if (agent && (agent->thread->heldCount() || agent->pending != Agent::Pending::None))
    now([](Agent &caller) { engine.opaque(*caller.thread); });
}

/// Code that is known by its address only will run; null is inline assembly.
GORDIAN_VISIBLE void __gordian_call_begin(const void *callee) {
  if (callee && gordian::isMarked(callee))
    return;
  now([](Agent &agent) {
    engine.opaque(*agent.thread);
    engine.send(*agent.thread, outside);
    agent.inOpaqueCode = true;
  });
}

/// It has returned, or thrown. Where it was instrumented, nothing has begun.
GORDIAN_VISIBLE void __gordian_call_end() {
  Agent *agent = awake();
  if (agent && agent->inOpaqueCode)
    now([](Agent &caller) {
      caller.inOpaqueCode = false;
      engine.receive(*caller.thread, outside);
    });
}

namespace {

void send(void *object) {
  now([=](Agent &agent) { sendAt(agent, addressOf(object)); });
}

void receive(void *object) {
  now([=](Agent &agent) {
    if (SyncClock *clock = cells.knownSyncAt(addressOf(object)))
      engine.receive(*agent.thread, *clock);
  });
}

void ignore(int change) {
  if (Agent *agent = awake())
    agent->ignored += unsigned(change);
}

} // namespace

GORDIAN_VISIBLE void __wrap___tsan_acquire(void *object) {
  receive(object);
  __real___tsan_acquire(object);
}
GORDIAN_VISIBLE void __wrap___tsan_release(void *object) {
  send(object);
  __real___tsan_release(object);
}
GORDIAN_VISIBLE void __wrap_AnnotateHappensBefore(char *file, int line, unsigned long object) {
  send(reinterpret_cast<void *>(object));
  __real_AnnotateHappensBefore(file, line, object);
}
GORDIAN_VISIBLE void __wrap_AnnotateHappensAfter(char *file, int line, unsigned long object) {
  receive(reinterpret_cast<void *>(object));
  __real_AnnotateHappensAfter(file, line, object);
}

// A lock of the program's own making, whose insides may be instrumented or not: it orders.
GORDIAN_VISIBLE void __wrap___tsan_mutex_post_lock(void *lock, unsigned flags, int levels) {
  receive(lock);
  __real___tsan_mutex_post_lock(lock, flags, levels);
}
GORDIAN_VISIBLE int __wrap___tsan_mutex_pre_unlock(void *lock, unsigned flags) {
  send(lock);
  return __real___tsan_mutex_pre_unlock(lock, flags);
}

GORDIAN_VISIBLE void __wrap_AnnotateIgnoreReadsBegin(char *file, int line) {
  ignore(1);
  __real_AnnotateIgnoreReadsBegin(file, line);
}
GORDIAN_VISIBLE void __wrap_AnnotateIgnoreReadsEnd(char *file, int line) {
  ignore(-1);
  __real_AnnotateIgnoreReadsEnd(file, line);
}
GORDIAN_VISIBLE void __wrap_AnnotateIgnoreWritesBegin(char *file, int line) {
  ignore(1);
  __real_AnnotateIgnoreWritesBegin(file, line);
}
GORDIAN_VISIBLE void __wrap_AnnotateIgnoreWritesEnd(char *file, int line) {
  ignore(-1);
  __real_AnnotateIgnoreWritesEnd(file, line);
}
