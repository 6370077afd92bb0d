// SPDX-License-Identifier: MIT
// As unlock_array_of_pointers_ok.c, but the lock around the walk is given back twice on one way out.
// RUN: %check %s --format text -o %t.out -- -std=gnu17; test $? -eq 1
// RUN: %FileCheck %s < %t.out
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t crawler = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *bucket_locks;
static unsigned mask;
static int *table[100];

static int count(unsigned hash) {
  pthread_mutex_lock(&bucket_locks[hash & mask]);
  int *p = table[hash & mask], n = p ? *p : 0;
  pthread_mutex_unlock(&bucket_locks[hash & mask]);
  return n;
}

static void *crawl(void *unused) {
  pthread_mutex_lock(&crawler);
  int n = count(7);
  if (n > 3)
    pthread_mutex_unlock(&crawler);
  table[n] = NULL;
  pthread_mutex_unlock(&crawler); // CHECK: unlock_array_of_pointers.c:[[@LINE]]:{{.*}}error: `crawl` releases `crawler` a second time [release-without-acquire]
  return unused;
}

int main(void) {
  pthread_t t;
  bucket_locks = calloc(4, sizeof *bucket_locks);
  pthread_create(&t, NULL, crawl, NULL);
  pthread_join(t, NULL);
}
