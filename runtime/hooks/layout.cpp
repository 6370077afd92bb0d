// SPDX-License-Identifier: MIT
#include "hooks/layout.h"

#include "core/sys.h"
#include "hooks/free_lock.h"
#include "hooks/real.h"
#include "trace/objects.h"

#include <cstddef>
#include <cstring>
#include <dlfcn.h>

namespace gordian::runtime {

constinit uint32_t kindsTakenHere = 0;
constinit bool readersTakenHere = false;

namespace {

constexpr uint64_t kFirst = 0x1122334455667788u, kSecond = 0x99aabbccddeeff00u;

bool mutexKeeps(pthread_mutex_t &m, int levels) {
  uint64_t *words = placeIn(&m, kMutexPlace);
  if (words[0] != 0 || words[1] != 0 || m.__data.__lock != 0)
    return false;
  words[0] = kFirst;
  words[1] = kSecond;
  bool good = true;
  for (int i = 0; i < levels; i++)
    good &= real.pthread_mutex_lock(&m) == 0;
  good &= m.__data.__lock != 0 && uint32_t(m.__data.__owner) == threadId();
  for (int i = 0; i < levels; i++)
    good &= real.pthread_mutex_unlock(&m) == 0;
  good &= real.pthread_mutex_trylock(&m) == 0 && real.pthread_mutex_unlock(&m) == 0;
  return good && m.__data.__lock == 0 && m.__data.__owner == 0 && words[0] == kFirst && words[1] == kSecond;
}

bool rwlockKeeps(pthread_rwlock_t &l) {
  uint64_t *word = placeIn(&l, kRwLockPlace);
  if (*word != 0)
    return false;
  *word = kFirst;
  bool good = real.pthread_rwlock_wrlock(&l) == 0 && uint32_t(l.__data.__cur_writer) == threadId() &&
              real.pthread_rwlock_unlock(&l) == 0;
  good &= real.pthread_rwlock_rdlock(&l) == 0 && real.pthread_rwlock_unlock(&l) == 0;
  return good && *word == kFirst;
}

bool semaphoreKeeps(sem_t &s) {
  if (real.sem_init(&s, 0, 1) != 0)
    return false;
  uint64_t *words = placeIn(&s, kSemaphorePlace);
  words[0] = kFirst;
  words[1] = kSecond;
  const bool good = *reinterpret_cast<uint32_t *>(&s) == 1 && real.sem_trywait(&s) == 0 &&
                    *reinterpret_cast<uint32_t *>(&s) == 0 && real.sem_post(&s) == 0;
  return good && words[0] == kFirst && words[1] == kSecond && real.sem_destroy(&s) == 0;
}

template <class Lock>
bool same(const Lock &a, const Lock &b) {
  return memcmp(&a, &b, sizeof(a)) == 0;
}

/// Is a mutex of this kind, initialised to nothing but that, the same to us and to the C library?
bool isUnderstood(int kind) {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  m.__data.__kind = kind;
  const pthread_mutex_t free = m;
  const uint32_t tid = threadId();
  bool good = real.pthread_mutex_lock(&m) == 0;
  const pthread_mutex_t taken = m;
  good &= m.__data.__lock == 1 && giveBackMutex(&m, tid) && same(m, free); // a kind that changed elides locks
  good &= takeFreeMutex(&m, tid) && same(m, taken) && !takeFreeMutex(&m, tid);
  if (kind == PTHREAD_MUTEX_RECURSIVE_NP)
    good &= takeLevel(&m) && real.pthread_mutex_lock(&m) == 0 && m.__data.__count == 3 &&
            real.pthread_mutex_unlock(&m) == 0 && giveBackMutex(&m, tid) && same(m, taken);
  return good && real.pthread_mutex_unlock(&m) == 0 && same(m, free);
}

bool readersAreUnderstood() {
  pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
  const pthread_rwlock_t free = l;
  bool good = real.pthread_rwlock_rdlock(&l) == 0;
  const pthread_rwlock_t taken = l;
  good &= !takeFreeForReading(&l, false) && leaveReading(&l) && same(l, free) && !leaveReading(&l);
  good &= takeFreeForReading(&l, false) && same(l, taken) && real.pthread_rwlock_rdlock(&l) == 0;
  good &= leaveReading(&l) && same(l, taken) && real.pthread_rwlock_unlock(&l) == 0 && same(l, free);
  good &= real.pthread_rwlock_wrlock(&l) == 0 && !takeFreeForReading(&l, true) && !leaveReading(&l);
  return good && real.pthread_rwlock_unlock(&l) == 0;
}

const void *moduleOf(const void *function) {
  Dl_info info;
  return function && dladdr(function, &info) != 0 ? info.dli_fbase : nullptr;
}

/// Nobody between us and the C library wants to see the calls. (No dlopen: it would initialise the C library
/// before the loader has told it of the environment.)
template <class... Function>
bool areLibrarys(Function... function) {
  const void *library = moduleOf(dlsym(RTLD_NEXT, "gnu_get_libc_version"));
  return library && ((moduleOf(reinterpret_cast<void *>(function)) == library) && ...);
}

struct Mark {
  size_t word = 0;
  uint32_t bits = 0;
};
constinit Mark sharedMark;

uint32_t wordOf(const void *condition, size_t word) {
  return __atomic_load_n(static_cast<const uint32_t *>(condition) + word, __ATOMIC_RELAXED);
}

} // namespace

void findSharedMark() {
  pthread_condattr_t attributes;
  if (!real.pthread_cond_init || !real.pthread_cond_destroy || pthread_condattr_init(&attributes) != 0)
    return;
  pthread_cond_t own = PTHREAD_COND_INITIALIZER, shared = PTHREAD_COND_INITIALIZER;
  if (pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0 &&
      real.pthread_cond_init(&shared, &attributes) == 0) {
    for (size_t i = 0; i < sizeof(own) / sizeof(uint32_t) && !sharedMark.bits; i++)
      sharedMark = {i, wordOf(&shared, i) & ~wordOf(&own, i)};
    real.pthread_cond_destroy(&shared);
  }
  pthread_condattr_destroy(&attributes);
}

bool isProcessShared(const void *condition) {
  return (wordOf(condition, sharedMark.word) & sharedMark.bits) != 0;
}

bool layoutIsKnown() {
  static_assert(offsetof(pthread_mutex_t, __data.__list) == kMutexPlace &&
                sizeof(__pthread_internal_list) == 16);
  static_assert(sizeof(pthread_mutex_t) >= kMutexPlace + 16 && sizeof(pthread_rwlock_t) >= kRwLockPlace + 8 &&
                sizeof(sem_t) >= kSemaphorePlace + 16);
  if (!real.pthread_mutex_lock || !real.pthread_mutex_unlock || !real.pthread_mutex_trylock ||
      !real.pthread_rwlock_wrlock || !real.pthread_rwlock_rdlock || !real.pthread_rwlock_unlock ||
      !real.sem_init || !real.sem_trywait || !real.sem_post || !real.sem_destroy)
    return false;
  pthread_mutex_t normal = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  pthread_mutex_t adaptive = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
  pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
  sem_t semaphore;
  return mutexKeeps(normal, 1) && mutexKeeps(recursive, 3) && mutexKeeps(adaptive, 1) &&
         rwlockKeeps(rwlock) && semaphoreKeeps(semaphore);
}

void tryFreeLocks() {
  if (&__libc_single_threaded && areLibrarys(real.pthread_mutex_lock, real.pthread_mutex_unlock)) {
    kindsTakenHere = kBasicKinds; // for the trial
    for (uint32_t kind = 0; kind < kBasicKinds; kind++)
      if (!isUnderstood(int(kind)))
        kindsTakenHere = 0;
  }
  if (areLibrarys(real.pthread_rwlock_rdlock, real.pthread_rwlock_unlock)) {
    readersTakenHere = true;
    readersTakenHere = readersAreUnderstood();
  }
}

} // namespace gordian::runtime
