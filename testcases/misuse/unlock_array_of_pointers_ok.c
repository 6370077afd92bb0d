// SPDX-License-Identifier: MIT
// Locks of an array that a pointer leads to, at a computed index: which one a release means is not known, and no
// other lock is taken for it. The iterator keeps a bucket locked from one call to the next; if there was no memory
// for it, the program ends at the first use, so that no path releases what it has not taken.
// RUN: %check %s --format text -o %t.out -- -std=gnu17; %FileCheck %s < %t.out
// CHECK-NOT: error:
// CHECK-NOT: release-without-acquire
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct iterator {
  unsigned bucket;
  int locked;
  void *current;
};
static pthread_mutex_t crawler = PTHREAD_MUTEX_INITIALIZER, table_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *bucket_locks;
static unsigned mask;
static void *table[100];
static int pause_time;

static void lock_bucket(unsigned hash) {
  pthread_mutex_lock(&bucket_locks[hash & mask]);
}
static void unlock_bucket(unsigned hash) {
  pthread_mutex_unlock(&bucket_locks[hash & mask]);
}

static struct iterator *begin(void) {
  struct iterator *i = calloc(1, sizeof *i);
  if (!i)
    return NULL;
  pthread_mutex_lock(&table_lock);
  return i;
}

static int step(struct iterator *i, void **item) {
  *item = NULL;
  if (i->locked) {
    if (i->current) {
      *item = i->current;
      i->current = NULL;
    } else {
      unlock_bucket(i->bucket);
      i->bucket++;
      i->locked = 0;
    }
    return 1;
  }
  if (i->bucket == 100)
    return 0;
  lock_bucket(i->bucket);
  i->locked = 1;
  i->current = table[i->bucket];
  return 1;
}

static void end(struct iterator *i) {
  if (i->locked)
    unlock_bucket(i->bucket);
  pthread_mutex_unlock(&table_lock);
  free(i);
}

extern int use(void *item);

static void walk(void) {
  struct iterator *i = begin();
  void *item = NULL;
  while (step(i, &item))
    if (item && use(item))
      break;
  end(i);
}

static void *crawl(void *unused) {
  for (;;) {
    pthread_mutex_lock(&crawler);
    walk();
    pthread_mutex_unlock(&crawler);
    usleep(pause_time);
  }
  return unused;
}

int main(int count, char **arguments) {
  pthread_t t;
  pause_time = count;
  bucket_locks = calloc(4, sizeof *bucket_locks);
  pthread_create(&t, NULL, crawl, arguments);
  crawl(NULL);
}
