// SPDX-License-Identifier: MIT
// RUN: %gordian_cc -std=gnu17 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=data-race %s < %t.txt
//
// hidden_by_lock.c, but under the lock the reader looks whether the writer was there.
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int limit, written;

static void *writer(void *unused) {
  limit = 5;
  pthread_mutex_lock(&lock);
  written++;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void *reader(void *result) {
  usleep(200000);
  pthread_mutex_lock(&lock);
  int there = written;
  pthread_mutex_unlock(&lock);
  *(int *)result = there ? limit : 5;
  return 0;
}

int main(void) {
  pthread_t a, b;
  int result = 0;
  pthread_create(&a, 0, writer, 0);
  pthread_create(&b, 0, reader, &result);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return result == 5 ? 0 : 1;
}
