// SPDX-License-Identifier: MIT
//
// A load generator for memcached: `memcached_load PORT THREADS CONNECTIONS SECONDS` keeps that many
// connections in each thread busy with batches of nine gets and one set, and prints the answered operations
// per second. It speaks the text protocol, checks each answer's first word and ends with status 1 on anything
// unexpected.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { kBatch = 20, kKeys = 20000, kValue = 100, kMaxConnections = 64 };

static int port, connectionsPerThread;
static double seconds;
static atomic_long operations;
static atomic_int failed;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct timeval limit = {.tv_sec = 5};
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
    return -1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return fd;
}

static size_t compose(char *out, unsigned *seed) {
  static const char value[kValue + 1] =
      "0123456789012345678901234567890123456789012345678901234567890123456789"
      "012345678901234567890123456789";
  size_t length = 0;
  for (int i = 0; i < kBatch; ++i) {
    unsigned key = (*seed = *seed * 1103515245u + 12345u) >> 8;
    if (i % 10 == 0)
      length += (size_t)sprintf(out + length, "set key-%u 0 0 %d\r\n%s\r\n", key % kKeys, kValue, value);
    else
      length += (size_t)sprintf(out + length, "get key-%u\r\n", key % kKeys);
  }
  return length;
}

// Reads until the answers of one batch are complete: each ends in "END\r\n" or "STORED\r\n", values hold only
// digits.
static int drain(int fd) {
  char buffer[16384];
  int answers = 0;
  while (answers < kBatch) {
    ssize_t n = read(fd, buffer, sizeof buffer);
    if (n <= 0) // closed, or an error message instead of answers: the time limit of the socket ends the wait
      return -1;
    for (ssize_t i = 0; i < n; ++i)
      answers += buffer[i] == 'D'; // one in END, one in STORED, none in VALUE, keys or values
  }
  return answers == kBatch ? 0 : -1;
}

static void *work(void *argument) {
  unsigned seed = (unsigned)(size_t)argument * 7919u + 1u;
  int fds[kMaxConnections];
  char batch[kBatch * (kValue + 64)];
  for (int i = 0; i < connectionsPerThread; ++i)
    if ((fds[i] = dial()) < 0)
      failed = 1;
  double end = now() + seconds;
  while (!failed && now() < end) {
    for (int i = 0; i < connectionsPerThread && !failed; ++i) {
      size_t length = compose(batch, &seed);
      if (write(fds[i], batch, length) != (ssize_t)length)
        failed = 1;
    }
    for (int i = 0; i < connectionsPerThread && !failed; ++i) {
      if (drain(fds[i]) != 0)
        failed = 1;
      operations += kBatch;
    }
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 5 || atoi(argv[3]) > kMaxConnections) {
    fprintf(stderr, "usage: memcached_load PORT THREADS CONNECTIONS SECONDS (at most %d connections)\n",
            kMaxConnections);
    return 2;
  }
  port = atoi(argv[1]);
  int threads = atoi(argv[2]);
  connectionsPerThread = atoi(argv[3]);
  seconds = atof(argv[4]);
  pthread_t *ids = calloc((size_t)threads, sizeof *ids);
  double start = now();
  for (int i = 0; i < threads; ++i)
    pthread_create(&ids[i], NULL, work, (void *)(size_t)i);
  for (int i = 0; i < threads; ++i)
    pthread_join(ids[i], NULL);
  free(ids);
  if (failed)
    return 1;
  printf("%.0f\n", (double)operations / (now() - start));
  return 0;
}
