// SPDX-License-Identifier: MIT
//
// C11's <threads.h>, for programs under ThreadSanitizer. Its runtime does not know these functions: a thread
// made by thrd_create has no state in it (the program crashes), and what an mtx_t guards is reported as a
// race. In glibc mtx_t and cnd_t are the pthread objects under another name and thrd_t is pthread_t, so each
// function here is the pthread function that the runtime does know, with its answer translated.
#include "tsan/interface.h"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <pthread.h>
#include <threads.h>

namespace {

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));

pthread_mutex_t *mutex(mtx_t *m) {
  return reinterpret_cast<pthread_mutex_t *>(m);
}
pthread_cond_t *condition(cnd_t *c) {
  return reinterpret_cast<pthread_cond_t *>(c);
}

int answer(int error) {
  switch (error) {
  case 0:
    return thrd_success;
  case ENOMEM:
    return thrd_nomem;
  case ETIMEDOUT:
    return thrd_timedout;
  case EBUSY:
    return thrd_busy;
  default:
    return thrd_error;
  }
}

/// What a new thread is to do; it frees it.
struct Start {
  thrd_start_t function;
  void *argument;
};

void *begin(void *argument) {
  const Start start = *static_cast<Start *>(argument);
  free(argument);
  return reinterpret_cast<void *>(intptr_t(start.function(start.argument)));
}

} // namespace

GORDIAN_VISIBLE int thrd_create(thrd_t *thread, thrd_start_t function, void *argument) {
  auto *start = static_cast<Start *>(malloc(sizeof(Start)));
  if (!start)
    return thrd_nomem;
  *start = {function, argument};
  const int error = pthread_create(thread, nullptr, begin, start);
  if (error != 0)
    free(start);
  return error == EAGAIN ? thrd_nomem : answer(error);
}
GORDIAN_VISIBLE int thrd_join(thrd_t thread, int *result) {
  void *value = nullptr;
  const int error = pthread_join(thread, &value);
  if (error == 0 && result)
    *result = int(reinterpret_cast<intptr_t>(value));
  return answer(error);
}
GORDIAN_VISIBLE int thrd_detach(thrd_t thread) {
  return answer(pthread_detach(thread));
}
GORDIAN_VISIBLE void thrd_exit(int result) {
  pthread_exit(reinterpret_cast<void *>(intptr_t(result)));
}

GORDIAN_VISIBLE int mtx_init(mtx_t *m, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes,
                            type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  const int error = pthread_mutex_init(mutex(m), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return answer(error);
}
GORDIAN_VISIBLE void mtx_destroy(mtx_t *m) {
  pthread_mutex_destroy(mutex(m));
}
GORDIAN_VISIBLE int mtx_lock(mtx_t *m) {
  return answer(pthread_mutex_lock(mutex(m)));
}
GORDIAN_VISIBLE int mtx_trylock(mtx_t *m) {
  return answer(pthread_mutex_trylock(mutex(m)));
}
GORDIAN_VISIBLE int mtx_timedlock(mtx_t *m, const timespec *end) {
  return answer(pthread_mutex_timedlock(mutex(m), end));
}
GORDIAN_VISIBLE int mtx_unlock(mtx_t *m) {
  return answer(pthread_mutex_unlock(mutex(m)));
}

GORDIAN_VISIBLE int cnd_init(cnd_t *c) {
  return answer(pthread_cond_init(condition(c), nullptr));
}
GORDIAN_VISIBLE void cnd_destroy(cnd_t *c) {
  pthread_cond_destroy(condition(c));
}
GORDIAN_VISIBLE int cnd_wait(cnd_t *c, mtx_t *m) {
  return answer(pthread_cond_wait(condition(c), mutex(m)));
}
GORDIAN_VISIBLE int cnd_timedwait(cnd_t *c, mtx_t *m, const timespec *end) {
  return answer(pthread_cond_timedwait(condition(c), mutex(m), end));
}
GORDIAN_VISIBLE int cnd_signal(cnd_t *c) {
  return answer(pthread_cond_signal(condition(c)));
}
GORDIAN_VISIBLE int cnd_broadcast(cnd_t *c) {
  return answer(pthread_cond_broadcast(condition(c)));
}

GORDIAN_VISIBLE void call_once(once_flag *flag, void (*function)(void)) {
  static_assert(sizeof(once_flag) == sizeof(pthread_once_t));
  pthread_once(reinterpret_cast<pthread_once_t *>(flag), function);
}
