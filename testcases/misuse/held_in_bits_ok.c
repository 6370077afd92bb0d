// SPDX-License-Identifier: MIT
// Which locks are held stands in the bits of a variable that the way out tests.
// RUN: %gordian check %s -- -std=gnu17
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
  if (have & 1)
    pthread_mutex_unlock(&folder);
  return r;
}
