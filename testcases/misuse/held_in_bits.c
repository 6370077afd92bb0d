// SPDX-License-Identifier: MIT
// The way out tests another bit than the one that says that the lock is held.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: held_in_bits.c:15:{{.*}}[lock-leak]
#include <pthread.h>

static pthread_mutex_t folder = PTHREAD_MUTEX_INITIALIZER, file = PTHREAD_MUTEX_INITIALIZER;
static int links, files;

int rename_file(int across, int exists) {
  unsigned have = 0;
  int r = -1;
  if (across) {
    pthread_mutex_lock(&folder);
    have |= 1;
  }
  if (!exists)
    goto out;
  pthread_mutex_lock(&file);
  have |= 2;
  files++;
  r = 0;
  if (across)
    links++;
out:
  if (have & 2)
    pthread_mutex_unlock(&file);
  if (have & 2)
    pthread_mutex_unlock(&folder);
  return r;
}
