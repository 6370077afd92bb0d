// SPDX-License-Identifier: MIT
// Told without a byte that is read: a descriptor becomes ready (poll, select), a connection comes in, a
// datagram arrives at a bound name, a signal lies in a signalfd.
// RUN: %cc %s -o %t
// RUN: timeout 20 %run -- %t > %t.out 2>&1
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
  pthread_mutex_t a, b;
  int (*await)(void);
};

static int ends[2], listening, datagrams, signals;
static struct sockaddr_in listeningAt, datagramsAt;

static int awaitPoll(void) {
  struct pollfd ready = {ends[0], POLLIN, 0};
  return poll(&ready, 1, -1) == 1;
}

static int awaitSelect(void) {
  fd_set in;
  FD_ZERO(&in);
  FD_SET(ends[0], &in);
  return select(ends[0] + 1, &in, NULL, NULL, NULL) == 1;
}

static int awaitConnection(void) {
  return accept(listening, NULL, NULL) >= 0;
}

static int awaitDatagram(void) {
  char byte;
  return recvfrom(datagrams, &byte, 1, 0, NULL, NULL) == 1;
}

static int awaitSignal(void) {
  struct signalfd_siginfo got;
  return read(signals, &got, sizeof got) == sizeof got;
}

static int tellPipe(void) {
  return write(ends[1], "x", 1) == 1;
}

static int tellConnection(void) {
  int end = socket(AF_INET, SOCK_STREAM, 0);
  return connect(end, (struct sockaddr *)&listeningAt, sizeof listeningAt) == 0;
}

static int tellDatagram(void) {
  int end = socket(AF_INET, SOCK_DGRAM, 0);
  return sendto(end, "x", 1, 0, (struct sockaddr *)&datagramsAt, sizeof datagramsAt) == 1;
}

static int tellSignal(void) {
  return kill(getpid(), SIGUSR1) == 0;
}

static void *second(void *arg) {
  struct pair *p = arg;
  if (!p->await())
    _exit(2);
  pthread_mutex_lock(&p->b);
  pthread_mutex_lock(&p->a);
  pthread_mutex_unlock(&p->a);
  pthread_mutex_unlock(&p->b);
  return arg;
}

static void run(int (*tell)(void), int (*await)(void)) {
  struct pair p = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, await};
  pthread_t t;
  char byte;
  pthread_create(&t, NULL, second, &p);
  pthread_mutex_lock(&p.a);
  pthread_mutex_lock(&p.b);
  pthread_mutex_unlock(&p.b);
  pthread_mutex_unlock(&p.a);
  if (!tell())
    _exit(3);
  pthread_join(t, NULL);
  if (tell == tellPipe && read(ends[0], &byte, 1) != 1)
    _exit(4);
}

static int boundSocket(int type, struct sockaddr_in *at) {
  socklen_t length = sizeof *at;
  int end = socket(AF_INET, type, 0);
  at->sin_family = AF_INET;
  at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(end, (struct sockaddr *)at, length) || getsockname(end, (struct sockaddr *)at, &length))
    _exit(5);
  return end;
}

int main(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  signals = signalfd(-1, &set, 0);
  listening = boundSocket(SOCK_STREAM, &listeningAt);
  datagrams = boundSocket(SOCK_DGRAM, &datagramsAt);
  if (pipe(ends) || listen(listening, 1))
    return 1;
  run(tellPipe, awaitPoll);
  run(tellPipe, awaitSelect);
  run(tellConnection, awaitConnection);
  run(tellDatagram, awaitDatagram);
  run(tellSignal, awaitSignal);
  return 0;
}
