/* SPDX-License-Identifier: MIT
 *
 * Tell Gordian about locks, waits and hand-offs that it cannot see: home-made locks (spin locks on atomics,
 * futex locks, ticket locks), queues, events, futures, thread pools.
 *
 * C ABI, usable from C and C++, header only. Nothing needs to be linked: the functions are weak, and where
 * libgordian.so is not loaded into the process each macro below is one test of a constant address. So the
 * calls may stay in release builds. All functions may be called from any thread at any time, signal handlers
 * included; they keep errno, never allocate, never block.
 *
 * A lock, simplest form:
 *
 *     void spin_lock(struct spin *s) {
 *       GORDIAN_ACQUIRE_BEGIN(s, GORDIAN_LOCK, GORDIAN_EXCLUSIVE, 0);
 *       while (atomic_exchange(&s->taken, 1)) pause();
 *       GORDIAN_ACQUIRE_END(s, 1);
 *     }
 *     void spin_unlock(struct spin *s) {
 *       GORDIAN_RELEASE(s);
 *       atomic_store(&s->taken, 0);
 *     }
 *
 * A hand-off that no lock expresses (what was done before the first happens before what follows the second):
 *
 *     GORDIAN_HAPPENS_BEFORE(&flag); atomic_store(&flag, 1);
 *     while (!atomic_load(&flag)) ; GORDIAN_HAPPENS_AFTER(&flag);
 *
 * An object is known by its address. Its first use makes it known; gordian_lock_create adds its kind and name
 * and says that whatever was at this address before is gone. gordian_lock_destroy is optional but makes
 * re-used memory safe.
 */
#ifndef GORDIAN_ANNOTATE_H
#define GORDIAN_ANNOTATE_H

#ifdef __cplusplus
extern "C" {
#endif

/* What the object is. */
enum gordian_kind {
  GORDIAN_LOCK = 0,      /* exclusive, not re-entrant */
  GORDIAN_RECURSIVE = 1, /* exclusive, re-entrant */
  GORDIAN_RWLOCK = 2,    /* exclusive or shared */
  GORDIAN_SEMAPHORE = 3, /* units; may be given back by anybody */
  GORDIAN_CONDITION = 4, /* condition variable */
  GORDIAN_EVENT = 5,     /* anything else that is waited for: event, future, queue, barrier, latch */
  GORDIAN_THREAD = 6     /* a thread that is joined; the object is any address that stands for it */
};

enum gordian_mode { GORDIAN_EXCLUSIVE = 0, GORDIAN_SHARED = 1 };

/* Flags of a request or wait. */
enum gordian_flags {
  GORDIAN_TRY = 1,  /* does not wait */
  GORDIAN_TIMED = 2 /* gives up after a time */
};

#define GORDIAN_WEAK __attribute__((weak))

/* A lock is created: `name` (copied, may be null) is how reports call it. */
void gordian_lock_create(const void *lock, int kind, const char *name) GORDIAN_WEAK;
void gordian_lock_destroy(const void *lock) GORDIAN_WEAK;

/* A thread asks for the lock, just before it can block; and: it has it (acquired != 0) or gave up. `file`,
 * `line` and `function` name the place that reports shall show; a null file means: the calling stack is the
 * place. The strings are copied once for each place. Every begin is followed by one end in the same thread.
 */
void gordian_acquire_begin(const void *lock, int kind, int mode, int flags, const char *file, int line,
                           const char *function) GORDIAN_WEAK;
void gordian_acquire_end(const void *lock, int acquired) GORDIAN_WEAK;

/* The lock is about to be released by the calling thread. */
void gordian_release(const void *lock, const char *file, int line, const char *function) GORDIAN_WEAK;

/* All levels of a re-entrant lock at once, for condition waits: releases it wholly and says how often it was
 * held; gordian_restore takes it back that often, after its real acquisition. */
int gordian_release_all(const void *lock, const char *file, int line, const char *function) GORDIAN_WEAK;
void gordian_restore(const void *lock, int levels, const char *file, int line,
                     const char *function) GORDIAN_WEAK;

/* The thread waits for something that is no lock. For a condition, `lock` is its lock: call this while it is
 * still held, before gordian_release_all. `woken` != 0: the wait was satisfied (a hand-off from the notifier
 * or poster took place); 0: timed out or interrupted. */
void gordian_wait_begin(const void *object, int kind, const void *lock, int flags, const char *file, int line,
                        const char *function) GORDIAN_WEAK;
void gordian_wait_end(const void *object, int woken) GORDIAN_WEAK;

/* Somebody is or can now be woken: notify (all = 0 or 1), set, put, post. Call it before the fact. */
void gordian_notify(const void *object, int kind, int all, const char *file, int line,
                    const char *function) GORDIAN_WEAK;

/* Order without waiting. */
void gordian_happens_before(const void *object) GORDIAN_WEAK;
void gordian_happens_after(const void *object) GORDIAN_WEAK;

/* Between these two, the calling thread's locks are not looked at (nests): for the insides of a home-made
 * primitive. */
void gordian_ignore_begin(void) GORDIAN_WEAK;
void gordian_ignore_end(void) GORDIAN_WEAK;

/* Name of the calling thread in reports (copied). */
void gordian_thread_name(const char *name) GORDIAN_WEAK;

/* A line in the trace's log (copied). */
void gordian_log(const char *text) GORDIAN_WEAK;

/* Not zero while the runtime is recording. */
int gordian_active(void) GORDIAN_WEAK;

#ifdef __cplusplus
}
#endif

#define GORDIAN_IF(function_, ...)                                                                           \
  do {                                                                                                       \
    if (function_)                                                                                           \
      function_(__VA_ARGS__);                                                                                \
  } while (0)

#define GORDIAN_HERE __FILE__, __LINE__, __func__
#define GORDIAN_CREATE(lock_, kind_, name_) GORDIAN_IF(gordian_lock_create, lock_, kind_, name_)
#define GORDIAN_DESTROY(lock_) GORDIAN_IF(gordian_lock_destroy, lock_)
#define GORDIAN_ACQUIRE_BEGIN(lock_, kind_, mode_, flags_)                                                   \
  GORDIAN_IF(gordian_acquire_begin, lock_, kind_, mode_, flags_, 0, 0, 0)
#define GORDIAN_ACQUIRE_END(lock_, acquired_) GORDIAN_IF(gordian_acquire_end, lock_, acquired_)
#define GORDIAN_RELEASE(lock_) GORDIAN_IF(gordian_release, lock_, 0, 0, 0)
#define GORDIAN_HAPPENS_BEFORE(object_) GORDIAN_IF(gordian_happens_before, object_)
#define GORDIAN_HAPPENS_AFTER(object_) GORDIAN_IF(gordian_happens_after, object_)
#define GORDIAN_IGNORE_BEGIN() GORDIAN_IF(gordian_ignore_begin, )
#define GORDIAN_IGNORE_END() GORDIAN_IF(gordian_ignore_end, )

#endif
