#include <pthread.h> // SPDX-License-Identifier: MIT

pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t journal = PTHREAD_MUTEX_INITIALIZER;
static int balance, entries;

static void book(int amount) {
  pthread_mutex_lock(&journal);
  entries += amount != 0;
  pthread_mutex_unlock(&journal);
}

static void *teller(void *arg) {
  pthread_mutex_lock(&accounts);
  balance += 1;
  book(1);
  pthread_mutex_unlock(&accounts);
  return arg;
}

static void *auditor(void *arg) {
  pthread_mutex_lock(&journal);
  pthread_mutex_lock(&accounts);
  balance -= entries;
  pthread_mutex_unlock(&accounts);
  pthread_mutex_unlock(&journal);
  return arg;
}

static int close_day(int fail) {
  pthread_mutex_lock(&accounts);
  if (fail)
    return -1;
  pthread_mutex_unlock(&accounts);
  return 0;
}

int main(int argc, char **argv) {
  pthread_t threads[2];
  pthread_create(&threads[0], 0, teller, 0);
  pthread_create(&threads[1], 0, auditor, 0);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  return close_day(argc > 1);
}
