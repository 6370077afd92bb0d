// SPDX-License-Identifier: MIT
// Whether the lock is kept during the callback is told by a member of an object that the callback could reach:
// that it changes in between is possible, but no ground for a report.
// RUN: %check %s --format text -o %t.out -- -std=gnu17; %FileCheck %s < %t.out
// CHECK-NOT: error:
// CHECK-NOT: lock-leak
#include <pthread.h>

struct module {
  void (*eval)(int);
  int needs_lock;
};
static struct module *active;
static pthread_mutex_t locks[64], crawler = PTHREAD_MUTEX_INITIALIZER;
static int flags[64];

static void choose(struct module *m) {
  active = m;
}
static void look(int i) {
  flags[i] = 1;
}
static void drop(int i) {
  static struct module none = {look, 0};
  if (flags[i] == 7)
    choose(&none);
}
static struct module looking = {look, 1}, dropping = {drop, 0};

static void *crawl(void *unused) {
  pthread_mutex_lock(&crawler);
  for (int i = 1; i < 64; i++) {
    pthread_mutex_lock(&locks[i]);
    if (!active->needs_lock)
      pthread_mutex_unlock(&locks[i]);
    active->eval(i);
    if (active->needs_lock)
      pthread_mutex_unlock(&locks[i]);
    pthread_mutex_unlock(&crawler);
    pthread_mutex_lock(&crawler);
  }
  pthread_mutex_unlock(&crawler);
  return unused;
}

int main(int count, char **arguments) {
  pthread_t t, u;
  active = count > 1 ? &looking : &dropping;
  pthread_create(&t, NULL, crawl, arguments);
  pthread_create(&u, NULL, crawl, arguments);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
}
