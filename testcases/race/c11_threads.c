// SPDX-License-Identifier: MIT
// RUN: %gordian_cc -std=gnu17 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t; test $? -eq 66
// RUN: %FileCheck %s < %t.txt
//
// C11's threads, of which ThreadSanitizer knows nothing.
#include <threads.h>

static mtx_t lock;
static int guarded, unguarded;

static int work(void *unused) {
  (void)unused;
  for (int i = 0; i < 1000; i++) {
    mtx_lock(&lock);
    guarded++;
    mtx_unlock(&lock);
    unguarded++;
    // CHECK: error: {{.*}}unguarded{{.*}}[data-race]
    // CHECK: c11_threads.c:[[@LINE-2]]
  }
  return 0;
}

int main(void) {
  thrd_t a, b;
  mtx_init(&lock, mtx_plain);
  thrd_create(&a, work, 0);
  thrd_create(&b, work, 0);
  thrd_join(a, 0);
  thrd_join(b, 0);
  return 0;
}
