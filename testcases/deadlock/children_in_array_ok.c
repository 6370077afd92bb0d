// SPDX-License-Identifier: MIT
// A recursive walk from a root with a name: always the parent before its children.
// RUN: %gordian check %s -- -std=gnu17
#include <pthread.h>

struct node {
  pthread_mutex_t lock;
  struct node *parent, *child[2];
  int value;
};
static struct node root;

static int sum(struct node *n) {
  pthread_mutex_lock(&n->lock);
  int s = n->value;
  for (int i = 0; i < 2; i++)
    if (n->child[i])
      s += sum(n->child[i]);
  pthread_mutex_unlock(&n->lock);
  return s;
}

int total(void) {
  return sum(&root);
}
