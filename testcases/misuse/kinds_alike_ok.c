// SPDX-License-Identifier: MIT
// What the operations on a mutex of each kind return, and that they exclude, is the same with and without the
// preload: free ones are taken and given back without the C library.
// RUN: %cc %s -o %t
// RUN: %t > %t.native
// RUN: %run -- %t > %t.watched 2> %t.err || test $? -eq 66
// RUN: cmp %t.native %t.watched
// RUN: GORDIAN_OPTIONS=write_in_locks=0 %run -- %t > %t.apart 2> %t.err || test $? -eq 66
// RUN: cmp %t.native %t.apart
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { kThreads = 4, kRounds = 20000 };
static const struct {
  const char *name;
  int type, robust, shared;
} kinds[] = {{"default", -1, 0, 0},
             {"normal", PTHREAD_MUTEX_NORMAL, 0, 0},
             {"recursive", PTHREAD_MUTEX_RECURSIVE, 0, 0},
             {"errorcheck", PTHREAD_MUTEX_ERRORCHECK, 0, 0},
             {"adaptive", PTHREAD_MUTEX_ADAPTIVE_NP, 0, 0},
             {"robust recursive", PTHREAD_MUTEX_RECURSIVE, 1, 0},
             {"shared", PTHREAD_MUTEX_NORMAL, 0, 1}};

static pthread_mutex_t m;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int counter, turn;

static int again(void) { // of one that the caller has
  struct timespec past = {1, 0};
  return pthread_mutex_timedlock(&m, &past);
}

static void *stranger(void *errors) {
  int *e = errors;
  e[0] = pthread_mutex_trylock(&m);
  e[1] = again();
  e[2] = e[0] == 0 ? pthread_mutex_unlock(&m) : -1;
  if (e[1] == 0)
    pthread_mutex_unlock(&m);
  return NULL;
}

static void *worker(void *arg) {
  for (int i = 0; i < kRounds; i++) {
    if (i % 3 == 0)
      while (pthread_mutex_trylock(&m) != 0)
        ;
    else
      pthread_mutex_lock(&m);
    counter++;
    pthread_mutex_unlock(&m);
  }
  return arg;
}

static void *player(void *arg) {
  const int me = *(int *)arg;
  for (int i = 0; i < kRounds / 100; i++) {
    pthread_mutex_lock(&m);
    while (turn != me)
      pthread_cond_wait(&changed, &m);
    turn = !me;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&m);
  }
  return NULL;
}

static void together(void *(*run)(void *), int threads) {
  pthread_t t[kThreads];
  int number[kThreads];
  for (int i = 0; i < threads; i++) {
    number[i] = i;
    pthread_create(&t[i], NULL, run, &number[i]);
  }
  for (int i = 0; i < threads; i++)
    pthread_join(t[i], NULL);
}

static void ask(const char *when) {
  int e[3];
  pthread_t t;
  pthread_create(&t, NULL, stranger, e);
  pthread_join(t, NULL);
  printf("  %s, another thread: try %d, timed %d, unlock %d\n", when, e[0], e[1], e[2]);
}

int main(void) {
  for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    if (kinds[k].type >= 0)
      pthread_mutexattr_settype(&a, kinds[k].type);
    if (kinds[k].robust)
      pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    if (kinds[k].shared)
      pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&m, &a);
    printf("%s\n", kinds[k].name);
    for (int round = 0; round < 3; round++) { // the first is recorded another way than those after it
      printf("  lock %d", pthread_mutex_lock(&m));
      printf(", try %d", pthread_mutex_trylock(&m));
      printf(", timed %d", again());
      printf(", owned %d", m.__data.__owner != 0);
      ask("held");
      const int recursive = kinds[k].type == PTHREAD_MUTEX_RECURSIVE;
      for (int i = 0; i < (recursive ? 3 : 1); i++)
        printf("  unlock %d", pthread_mutex_unlock(&m));
      ask("free");
    }
    if (kinds[k].type == PTHREAD_MUTEX_RECURSIVE || kinds[k].type == PTHREAD_MUTEX_ERRORCHECK)
      printf("  unlock of a free one %d\n", pthread_mutex_unlock(&m));
    counter = turn = 0;
    together(worker, kThreads);
    together(player, 2);
    printf("  %d counted, word %d, users %u\n", counter, m.__data.__lock, m.__data.__nusers);
    printf("  destroy %d\n", pthread_mutex_destroy(&m));
  }
}
