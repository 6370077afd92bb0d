// SPDX-License-Identifier: MIT
// RUN: %gordian_cc -std=gnu17 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=data-race %s < %t.txt
//
// c11_threads.c without the unguarded counter, and with the rest of <threads.h>.
#include <stdlib.h>
#include <threads.h>
#include <time.h>

static mtx_t lock;
static cnd_t changed;
static once_flag once = ONCE_FLAG_INIT;
static int guarded, turns;

static void init(void) { mtx_init(&lock, mtx_timed | mtx_recursive); }

static int work(void *number) {
  call_once(&once, init);
  for (int i = 0; i < 100; i++) {
    struct timespec end;
    timespec_get(&end, TIME_UTC);
    end.tv_sec += 10;
    if (mtx_timedlock(&lock, &end) != thrd_success)
      abort();
    mtx_lock(&lock);
    guarded++;
    mtx_unlock(&lock);
    turns++;
    cnd_signal(&changed);
    mtx_unlock(&lock);
    if (mtx_trylock(&lock) == thrd_success) {
      guarded--;
      mtx_unlock(&lock);
    }
  }
  return (int)(long)number;
}

int main(void) {
  thrd_t threads[3];
  int sum = 0, result;
  cnd_init(&changed);
  call_once(&once, init);
  for (long i = 0; i < 3; i++)
    thrd_create(&threads[i], work, (void *)(i + 1));
  mtx_lock(&lock);
  while (turns < 300)
    cnd_wait(&changed, &lock);
  mtx_unlock(&lock);
  for (int i = 0; i < 3; i++) {
    thrd_join(threads[i], &result);
    sum += result;
  }
  return sum == 6 ? 0 : 1;
}
