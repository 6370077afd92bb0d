// SPDX-License-Identifier: MIT
// A thread waits for a byte from a pipe with a mutex held that the writer takes only afterwards.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int ends[2];

struct state {
  volatile int unlocked, waiting;
};

static int mainSleeps(void) {
  char text[512] = "";
  int stat = open("/proc/self/stat", O_RDONLY);
  ssize_t n = read(stat, text, sizeof text - 1);
  close(stat);
  return n > 0 && strstr(text, ") S ");
}

static void *writer(void *arg) {
  struct state *s = arg;
  s->unlocked = 1;
  while (!s->waiting || !mainSleeps())
    sched_yield();
  if (write(ends[1], "x", 1) != 1)
    return arg;
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  return NULL;
}

int main(void) {
  pthread_t t;
  char c;
  struct state s = {0, 0};
  if (pipe(ends))
    return 1;
  pthread_create(&t, NULL, writer, &s);
  while (!s.unlocked)
    sched_yield();
  pthread_mutex_lock(&m);
  s.waiting = 1;
  if (read(ends[0], &c, 1) != 1)
    return 1;
  pthread_mutex_unlock(&m);
  pthread_join(t, NULL);
  return 0;
}
