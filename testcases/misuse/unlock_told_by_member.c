// SPDX-License-Identifier: MIT
// As unlock_told_by_member_ok.c, but both branches give the lock back where the member is set.
// RUN: %check %s --format text -o %t.out -- -std=gnu17; test $? -eq 1
// RUN: %FileCheck %s < %t.out
#include <pthread.h>

struct module {
  void (*eval)(int);
  int needs_lock;
};
static struct module *active;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int flags[64];

static void look(int i) {
  flags[i] = 1;
}
static struct module looking = {look, 1}, passing = {look, 0};

static void *crawl(void *unused) {
  pthread_mutex_lock(&lock);
  if (active->needs_lock)
    pthread_mutex_unlock(&lock);
  active->eval(3);
  if (active->needs_lock)
    pthread_mutex_unlock(&lock); // CHECK: unlock_told_by_member.c:[[@LINE]]:{{.*}}error: `crawl` releases `lock` a second time [release-without-acquire]
  else
    pthread_mutex_unlock(&lock);
  return unused;
}

int main(int count, char **arguments) {
  pthread_t t;
  active = count > 1 ? &looking : &passing;
  pthread_create(&t, NULL, crawl, arguments);
  pthread_join(t, NULL);
}
