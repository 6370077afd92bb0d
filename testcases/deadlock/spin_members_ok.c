// SPDX-License-Identifier: MIT
// The second is only tried.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>

struct port { pthread_spinlock_t tx, rx; int n; };

void send_frame(struct port *p)
{
    pthread_spin_lock(&p->tx);
    pthread_spin_lock(&p->rx);
    p->n++;
    pthread_spin_unlock(&p->rx);
    pthread_spin_unlock(&p->tx);
}

int receive_frame(struct port *p)
{
    pthread_spin_lock(&p->rx);
    if (pthread_spin_trylock(&p->tx) != 0) {
        pthread_spin_unlock(&p->rx);
        return -1;
    }
    p->n--;
    pthread_spin_unlock(&p->tx);
    pthread_spin_unlock(&p->rx);
    return 0;
}
