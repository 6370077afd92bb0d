// SPDX-License-Identifier: MIT
//
// The C library's types that the hooked functions take. The hooks have names of their own in C++ and get the
// library's symbol by an asm label, so that exception specifications and attributes in the library's headers
// cannot clash with ours.
#ifndef GORDIAN_HOOKS_PROTOTYPES_H
#define GORDIAN_HOOKS_PROTOTYPES_H

#include <csignal>
#include <cstdint>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

/// Declares a hook: its own C++ name, the library's symbol.
#define GORDIAN_HOOK(name, result, parameters)                                                               \
  extern "C" __attribute__((visibility("default"))) result hook_##name parameters __asm__(#name);            \
  result hook_##name parameters

#endif
