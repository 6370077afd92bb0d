// SPDX-License-Identifier: MIT
// Children in an array are locked after their parent here, parents after their child there.
// RUN: %gordian check %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-order-inversion]
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

void touch(struct node *n) {
  pthread_mutex_lock(&n->lock);
  pthread_mutex_lock(&n->parent->lock);
  n->parent->value = n->value;
  pthread_mutex_unlock(&n->parent->lock);
  pthread_mutex_unlock(&n->lock);
}

void clear(struct node *n) {
  pthread_mutex_lock(&n->lock);
  for (int i = 0; i < 2; i++) {
    pthread_mutex_lock(&n->child[i]->lock);
    n->child[i]->value = 0;
    pthread_mutex_unlock(&n->child[i]->lock);
  }
  pthread_mutex_unlock(&n->lock);
}
