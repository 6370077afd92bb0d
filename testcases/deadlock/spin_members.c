// SPDX-License-Identifier: MIT
// Two spin locks of one object in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <pthread.h>

struct port { pthread_spinlock_t tx, rx; int n; };

void send_frame(struct port *p)
{
    pthread_spin_lock(&p->tx);
    pthread_spin_lock(&p->rx); // CHECK-DAG: spin_members.c:[[@LINE]]:
    p->n++;
    pthread_spin_unlock(&p->rx);
    pthread_spin_unlock(&p->tx);
}

int receive_frame(struct port *p)
{
    pthread_spin_lock(&p->rx);
    pthread_spin_lock(&p->tx); // CHECK-DAG: spin_members.c:[[@LINE]]:
    p->n--;
    pthread_spin_unlock(&p->tx);
    pthread_spin_unlock(&p->rx);
    return 0;
}
