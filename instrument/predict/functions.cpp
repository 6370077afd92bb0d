// SPDX-License-Identifier: MIT
//
// What of the C library orders threads: each function here stands before ThreadSanitizer's interceptor of the
// same name (which is weak), notes what the call means, and goes on to it.
#include "predict/agent.h"

#include <cerrno>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// TSan's shadow call stack.
extern "C" void __real___tsan_func_entry(void *);
extern "C" void __real___tsan_func_exit();

namespace gordian::predict {

namespace {

using Pending = Agent::Pending;

/// While it lives, ThreadSanitizer sees the user's call above ours: for functions that do not end with a
/// jump.
class CallerShown {
public:
  explicit CallerShown(void *caller) { __real___tsan_func_entry(caller); }
  ~CallerShown() { __real___tsan_func_exit(); }
  CallerShown(const CallerShown &) = delete;
  CallerShown &operator=(const CallerShown &) = delete;
};

inline void willAcquire(const volatile void *lock, Pending how) {
  now([=](Agent &agent) {
    agent.pending = how;
    agent.pendingObject = addressOf(lock);
    agent.pendingOpaque = agent.inOpaqueCode;
  });
}

inline void hasAcquired(const volatile void *lock, bool shared, int error) {
  if (error == 0 || error == EOWNERDEAD)
    now([=](Agent &agent) {
      acquired(agent, addressOf(lock), shared);
      if (agent.inOpaqueCode)
        engine.opaque(*agent.thread);
    });
}

inline void willRelease(const volatile void *lock) {
  now([=](Agent &agent) { released(agent, addressOf(lock)); });
}

inline void willWait(const volatile void *condition, const volatile void *mutex) {
  now([=](Agent &agent) {
    released(agent, addressOf(mutex));
    agent.pending = Pending::Reacquire;
    agent.pendingObject = addressOf(mutex);
    agent.pendingCondition = addressOf(condition);
    agent.pendingOpaque = agent.inOpaqueCode;
  });
}

inline void willSend(const volatile void *object) {
  now([=](Agent &agent) { sendAt(agent, addressOf(object)); });
}

inline void willReceive(const volatile void *object) {
  now([=](Agent &agent) {
    agent.pending = Pending::Receive;
    agent.pendingObject = addressOf(object);
  });
}

/// The memory of the new thread's stack and thread-local data may have been another's.
void forgetStack() {
  pthread_attr_t attributes;
  void *bottom = nullptr;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    return;
  pthread_attr_getstack(&attributes, &bottom, &size);
  pthread_attr_destroy(&attributes);
  cells.forget(addressOf(bottom), addressOf(bottom) + size);
}

void *beginThread(void *argument) {
  auto *agent = static_cast<Agent *>(argument);
  agent->kernelId = int(syscall(SYS_gettid));
  forgetStack();
  agent->inOpaqueCode = true; // until an instrumented function is entered
  self = agent;
  return agent->start(agent->argument);
}

/// The thread of that handle. The latest: handles are used again.
Agent *findThread(pthread_t handle) {
  for (unsigned t = kMaxThreads; t-- > 0;)
    if (Agent *agent = agentOf(Tid(t)))
      if (agent->hasHandle.load(std::memory_order_acquire) && agent->handle == handle)
        return agent;
  return nullptr;
}

inline void willJoin(pthread_t handle, Pending how) {
  now([=](Agent &agent) {
    const Agent *ended = findThread(handle);
    if (!ended)
      return engine.off(); // a thread made behind our back
    agent.pending = how;
    agent.pendingThread = ended->thread->tid;
  });
}

/// The initialiser that pthread_once is to run, in the thread that may run it.
thread_local void (*onceRoutine)() __attribute__((tls_model("initial-exec")));
thread_local const volatile void *onceControl __attribute__((tls_model("initial-exec")));

void runOnce() {
  void (*const routine)() = onceRoutine;
  const volatile void *const control = onceControl;
  routine();
  willSend(control);
}

} // namespace

} // namespace gordian::predict

using namespace gordian::predict;

#define INTERCEPT(result, name, parameters)                                                                  \
  extern "C" result __interceptor_##name parameters;                                                         \
  GORDIAN_VISIBLE result name parameters

#define NOTE_THEN_CALL(name, parameters, arguments, note)                                                    \
  INTERCEPT(int, name, parameters) {                                                                         \
    note;                                                                                                    \
    return __interceptor_##name arguments;                                                                   \
  }

#define CALL_THEN_NOTE(name, parameters, arguments, shared)                                                  \
  INTERCEPT(int, name, parameters) {                                                                         \
    CallerShown caller(__builtin_return_address(0));                                                         \
    const int error = __interceptor_##name arguments;                                                        \
    hasAcquired(lock, shared, error);                                                                        \
    return error;                                                                                            \
  }

NOTE_THEN_CALL(pthread_mutex_lock, (pthread_mutex_t * lock), (lock), willAcquire(lock, Pending::Acquire))
NOTE_THEN_CALL(pthread_mutex_unlock, (pthread_mutex_t * lock), (lock), willRelease(lock))
CALL_THEN_NOTE(pthread_mutex_trylock, (pthread_mutex_t * lock), (lock), false)
CALL_THEN_NOTE(pthread_mutex_timedlock, (pthread_mutex_t * lock, const timespec *end), (lock, end), false)
CALL_THEN_NOTE(pthread_mutex_clocklock, (pthread_mutex_t * lock, clockid_t clock, const timespec *end),
               (lock, clock, end), false)

NOTE_THEN_CALL(pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock),
               willAcquire(lock, Pending::AcquireShared))
NOTE_THEN_CALL(pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock), willAcquire(lock, Pending::Acquire))
NOTE_THEN_CALL(pthread_rwlock_unlock, (pthread_rwlock_t * lock), (lock), willRelease(lock))
CALL_THEN_NOTE(pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock), (lock), true)
CALL_THEN_NOTE(pthread_rwlock_trywrlock, (pthread_rwlock_t * lock), (lock), false)
CALL_THEN_NOTE(pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const timespec *end), (lock, end), true)
CALL_THEN_NOTE(pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const timespec *end), (lock, end), false)

NOTE_THEN_CALL(pthread_spin_lock, (pthread_spinlock_t * lock), (lock), willAcquire(lock, Pending::Acquire))
NOTE_THEN_CALL(pthread_spin_unlock, (pthread_spinlock_t * lock), (lock), willRelease(lock))
CALL_THEN_NOTE(pthread_spin_trylock, (pthread_spinlock_t * lock), (lock), false)

NOTE_THEN_CALL(pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t *m), (c, m), willWait(c, m))
NOTE_THEN_CALL(pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t *m, const timespec *end),
               (c, m, end), willWait(c, m))
NOTE_THEN_CALL(pthread_cond_clockwait,
               (pthread_cond_t * c, pthread_mutex_t *m, clockid_t clock, const timespec *end),
               (c, m, clock, end), willWait(c, m))
NOTE_THEN_CALL(pthread_cond_signal, (pthread_cond_t * c), (c), willSend(c))
NOTE_THEN_CALL(pthread_cond_broadcast, (pthread_cond_t * c), (c), willSend(c))

NOTE_THEN_CALL(sem_post, (sem_t * s), (s), willSend(s))
NOTE_THEN_CALL(sem_wait, (sem_t * s), (s), willReceive(s))
NOTE_THEN_CALL(sem_trywait, (sem_t * s), (s), willReceive(s))
NOTE_THEN_CALL(sem_timedwait, (sem_t * s, const timespec *end), (s, end), willReceive(s))

NOTE_THEN_CALL(pthread_barrier_wait, (pthread_barrier_t * b), (b), (willSend(b), willReceive(b)))

NOTE_THEN_CALL(pthread_join, (pthread_t thread, void **value), (thread, value),
               willJoin(thread, Pending::Join))
NOTE_THEN_CALL(pthread_tryjoin_np, (pthread_t thread, void **value), (thread, value),
               willJoin(thread, Pending::MaybeJoin))
NOTE_THEN_CALL(pthread_timedjoin_np, (pthread_t thread, void **value, const timespec *end),
               (thread, value, end), willJoin(thread, Pending::MaybeJoin))

INTERCEPT(int, pthread_once, (pthread_once_t * control, void (*routine)())) {
  void (*const outerRoutine)() = onceRoutine;
  const volatile void *const outerControl = onceControl;
  onceRoutine = routine;
  onceControl = control;
  CallerShown caller(__builtin_return_address(0));
  const int error = __interceptor_pthread_once(control, runOnce);
  onceRoutine = outerRoutine;
  onceControl = outerControl;
  willReceive(control);
  return error;
}

INTERCEPT(int, pthread_create,
          (pthread_t * thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)) {
  Agent *agent = nullptr;
  now([&](Agent &creator) {
    agent = makeAgent(&creator, creator.calls.context(contexts, GORDIAN_RETURN_ADDRESS));
  });
  CallerShown caller(__builtin_return_address(0));
  if (!agent)
    return __interceptor_pthread_create(thread, attributes, start, argument);
  agent->start = start;
  agent->argument = argument;
  const int error = __interceptor_pthread_create(thread, attributes, beginThread, agent);
  if (error == 0) {
    agent->handle = *thread;
    agent->hasHandle.store(true, std::memory_order_release);
  }
  return error;
}

INTERCEPT(void *, mmap, (void *where, size_t size, int protection, int flags, int file, off_t offset)) {
  void *memory = __interceptor_mmap(where, size, protection, flags, file, offset);
  if (memory != MAP_FAILED)
    now([=](Agent &) { cells.forget(addressOf(memory), addressOf(memory) + size); });
  return memory;
}

INTERCEPT(void *, mmap64, (void *where, size_t size, int protection, int flags, int file, off64_t offset)) {
  void *memory = __interceptor_mmap64(where, size, protection, flags, file, offset);
  if (memory != MAP_FAILED)
    now([=](Agent &) { cells.forget(addressOf(memory), addressOf(memory) + size); });
  return memory;
}
