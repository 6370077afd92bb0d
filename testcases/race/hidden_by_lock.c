// SPDX-License-Identifier: MIT
// RUN: %gordian_cc -std=gnu17 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt --format json -o %t.json -- %t; test $? -eq 66
// RUN: %FileCheck %s < %t.txt
// RUN: %FileCheck --check-prefix=JSON %s < %t.json
//
// In this run the reader happens to lock after the writer did, and so happens to be ordered after it: ThreadSanitizer
// alone is silent. The lock guards something else.
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int limit, written, read_count;

static void *writer(void *unused) {
  limit = 5;
  // CHECK: error: {{.*}}limit{{.*}}[data-race]
  // CHECK-DAG: hidden_by_lock.c:[[@LINE-2]]
  // JSON: "evidence": "predicted"
  pthread_mutex_lock(&lock);
  written++;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void *reader(void *result) {
  usleep(200000);
  pthread_mutex_lock(&lock);
  read_count++;
  pthread_mutex_unlock(&lock);
  *(int *)result = limit;
  // CHECK-DAG: hidden_by_lock.c:[[@LINE-1]]
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
