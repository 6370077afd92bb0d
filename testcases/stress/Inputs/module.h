// SPDX-License-Identifier: MIT
// module PLUGIN: loads it again and again, and has two threads in turn call it with ORDER; with BOTH also the other
// way while it is loaded.
#include "stress.h"

#include <dlfcn.h>

static int (*work)(int);

static void *call(void *forwards)
{
    const size_t mine = (size_t)forwards / 2;
    wait_for_turn(mine);
    work((int)((size_t)forwards % 2));
    set_turn(mine + 1);
    return NULL;
}

int main(int argc, char **argv)
{
    make_turns();
    if (argc < 2)
        return 2;
    for (size_t i = 0; i < 20; i++) {
        void *module = dlopen(argv[1], RTLD_NOW);
        work = module ? (int (*)(int))dlsym(module, "work") : NULL;
        if (!work)
            return 2;
        set_turn(0);
        pthread_t a = new_thread(call, (void *)(size_t)(ORDER));
#ifdef BOTH
        pthread_t b = new_thread(call, (void *)(size_t)(2 + !(ORDER)));
        pthread_join(b, NULL);
#endif
        pthread_join(a, NULL);
        dlclose(module);
    }
    return 0;
}
