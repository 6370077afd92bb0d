// SPDX-License-Identifier: MIT
// A file's lock keeps the two orders apart: of threads that open the file each for themselves (flock, a
// lock of the open file), and of processes (lockf).
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct pair {
  pthread_mutex_t a, b;
};

static char path[] = "/tmp/gordian-test-XXXXXX";
static int own; // the lock belongs to the open file, by fcntl

static int enter(void) {
  struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  int fd = open(path, O_RDWR);
  if (own ? fcntl(fd, F_OFD_SETLKW, &all) : flock(fd, LOCK_EX))
    _exit(2);
  return fd;
}

static void leave(int fd) {
  if (!own)
    flock(fd, LOCK_UN);
  close(fd);
}

static void inOrder(pthread_mutex_t *x, pthread_mutex_t *y) {
  pthread_mutex_lock(x);
  pthread_mutex_lock(y);
  pthread_mutex_unlock(y);
  pthread_mutex_unlock(x);
}

static void *first(void *arg) {
  struct pair *p = arg;
  int fd = enter();
  inOrder(&p->a, &p->b);
  leave(fd);
  return arg;
}

static void *second(void *arg) {
  struct pair *p = arg;
  int fd = enter();
  inOrder(&p->b, &p->a);
  leave(fd);
  return arg;
}

static void run(int byFcntl) {
  struct pair p = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
  pthread_t t, u;
  own = byFcntl;
  pthread_create(&t, NULL, first, &p);
  pthread_create(&u, NULL, second, &p);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
}

static void processes(void) {
  struct pair *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  int fd = open(path, O_RDWR);
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&p->a, &attributes);
  pthread_mutex_init(&p->b, &attributes);
  int child = fork() == 0;
  if (lockf(fd, F_LOCK, 0))
    _exit(3);
  inOrder(child ? &p->b : &p->a, child ? &p->a : &p->b);
  if (lockf(fd, F_ULOCK, 0) || child)
    _exit(0);
  wait(NULL);
}

int main(void) {
  close(mkstemp(path));
  run(0);
  run(1);
  processes();
  unlink(path);
  return 0;
}
