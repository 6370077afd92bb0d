// SPDX-License-Identifier: MIT
// The caller of a helper that returns its lock's error code negated releases whatever it said.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: negative_error_code.c:27:{{.*}}[release-without-acquire]
#include <errno.h>
#include <pthread.h>

struct device {
  pthread_mutex_t lock;
  int users, gone;
};
static int get(struct device *d) {
  int error = pthread_mutex_trylock(&d->lock);
  if (error)
    return -error;
  if (d->gone) {
    pthread_mutex_unlock(&d->lock);
    return -ENODEV;
  }
  return 0;
}
int enter(struct device *d) {
  int r = get(d);
  if (r == 0)
    d->users++;
  pthread_mutex_unlock(&d->lock);
  return r;
}
int leave(struct device *d) {
  int r;
  if ((r = get(d)) != 0)
    return r;
  d->users--;
  pthread_mutex_unlock(&d->lock);
  return 0;
}
