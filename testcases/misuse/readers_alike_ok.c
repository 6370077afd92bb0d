// SPDX-License-Identifier: MIT
// Readers and writers of an rwlock of each kind get the same answers with and without the preload, and exclude
// each other: free ones are taken for reading without the C library.
// RUN: %cc %s -o %t
// RUN: %t > %t.native
// RUN: %run -- %t > %t.watched 2> %t.err || test $? -eq 66
// RUN: cmp %t.native %t.watched
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>

enum { kThreads = 4, kRounds = 20000 };
static pthread_rwlock_t l;
static int counter, copy, torn;

static void *stranger(void *errors) {
  int *e = errors;
  if ((e[0] = pthread_rwlock_tryrdlock(&l)) == 0)
    pthread_rwlock_unlock(&l);
  if ((e[1] = pthread_rwlock_trywrlock(&l)) == 0)
    pthread_rwlock_unlock(&l);
  return NULL;
}

static void ask(const char *when) {
  int e[2];
  pthread_t t;
  pthread_create(&t, NULL, stranger, e);
  pthread_join(t, NULL);
  printf("  %s, another thread: read %d, write %d\n", when, e[0], e[1]);
}

static void *worker(void *arg) {
  for (int i = 0; i < kRounds; i++)
    if (i % 16 == 0) {
      pthread_rwlock_wrlock(&l);
      counter++;
      copy++;
      pthread_rwlock_unlock(&l);
    } else {
      pthread_rwlock_rdlock(&l);
      if (counter != copy)
        __atomic_fetch_add(&torn, 1, __ATOMIC_RELAXED);
      pthread_rwlock_unlock(&l);
    }
  return arg;
}

int main(void) {
  static const int kinds[] = {PTHREAD_RWLOCK_PREFER_READER_NP, PTHREAD_RWLOCK_PREFER_WRITER_NP,
                              PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP};
  for (unsigned k = 0; k < 6; k++) {
    pthread_rwlockattr_t a;
    pthread_rwlockattr_init(&a);
    pthread_rwlockattr_setkind_np(&a, kinds[k / 2]);
    pthread_rwlockattr_setpshared(&a, k % 2 ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE);
    pthread_rwlock_init(&l, &a);
    printf("kind %d, shared %d\n", kinds[k / 2], k % 2);
    for (int round = 0; round < 3; round++) { // the first is recorded another way than those after it
      printf("  read %d", pthread_rwlock_rdlock(&l));
      printf(", again %d", pthread_rwlock_tryrdlock(&l));
      printf(", write %d", pthread_rwlock_trywrlock(&l));
      ask("being read");
      printf("  unlock %d", pthread_rwlock_unlock(&l));
      printf(", %d", pthread_rwlock_unlock(&l));
      ask("free");
      printf("  write %d", pthread_rwlock_wrlock(&l));
      printf(", read %d", pthread_rwlock_rdlock(&l));
      printf(", write %d", pthread_rwlock_wrlock(&l));
      ask("written");
      printf("  unlock %d", pthread_rwlock_unlock(&l));
      ask("free");
    }
    counter = copy = 0;
    pthread_t t[kThreads];
    for (int i = 0; i < kThreads; i++)
      pthread_create(&t[i], NULL, worker, NULL);
    for (int i = 0; i < kThreads; i++)
      pthread_join(t[i], NULL);
    printf("  %d counted, %d torn, destroy %d\n", counter, torn, pthread_rwlock_destroy(&l));
  }
}
