/* SPDX-License-Identifier: MIT */
/* Loads a library and calls half(84) in it. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv) {
  void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : 0;
  int (*half)(int) = library ? (int (*)(int))dlsym(library, "half") : 0;
  if (!half) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  return half(84) - 42;
}
