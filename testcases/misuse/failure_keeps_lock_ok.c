// SPDX-License-Identifier: MIT
// It locks for its callers on success only, and a finder returns what it locked.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>

struct conf {
  pthread_mutex_t lock;
  int slot[16];
};

/* On success the lock is held until conf_end(). */
int conf_begin(struct conf *c, int slots) {
  pthread_mutex_lock(&c->lock);
  if (slots > 16) {
    pthread_mutex_unlock(&c->lock);
    return -1;
  }
  return 0;
}

void conf_end(struct conf *c) {
  pthread_mutex_unlock(&c->lock);
}

int conf_fill(struct conf *c, int slots, int value) {
  if (conf_begin(c, slots))
    return -1;
  if (value < 0) {
    conf_end(c);
    return -2;
  }
  for (int i = 0; i < slots; i++)
    c->slot[i] = value;
  conf_end(c);
  return 0;
}

struct entry {
  pthread_mutex_t lock;
  struct entry *next;
  int id, hits;
};
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct entry *entries;

static struct entry *find_locked(int id) {
  struct entry *e;
  pthread_mutex_lock(&list_lock);
  for (e = entries; e; e = e->next)
    if (e->id == id) {
      pthread_mutex_lock(&e->lock);
      break;
    }
  pthread_mutex_unlock(&list_lock);
  return e;
}

int hit(int id) {
  struct entry *e = find_locked(id);
  if (!e)
    return -1;
  e->hits++;
  pthread_mutex_unlock(&e->lock);
  return 0;
}
