// SPDX-License-Identifier: MIT
// Locked where one of two flags says so, and unlocked where one of them does.
// RUN: %gordian check --rule data-race=off %s -- -std=gnu17
#include <pthread.h>
#include <stdlib.h>

struct service { pthread_mutex_t m; int n; };
struct worker { struct service *service; unsigned background : 1, threaded : 1; void *hints; };
void *read_hints(int);
int apply(void *);
void remember(struct worker *);

struct worker *start(struct service *s, int background)
{
    struct worker *w = calloc(1, sizeof *w);
    if (!w)
        return 0;
    w->background = background;
    w->service = s;
    remember(w);
    if (!w->background || w->threaded)
        pthread_mutex_lock(&s->m);
    w->hints = read_hints(s->n);
    if (w->hints && !apply(w->hints))
        w->hints = 0;
    if (!w->background || w->threaded)
        pthread_mutex_unlock(&s->m);
    return w;
}
