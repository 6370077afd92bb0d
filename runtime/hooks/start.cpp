// SPDX-License-Identifier: MIT
//
// Start and end of the runtime in a process.
#include "core/check.h"
#include "core/flags.h"
#include "core/futex_lock.h"
#include "core/print.h"
#include "hooks/entry.h"
#include "hooks/holders.h"
#include "hooks/layout.h"
#include "hooks/process.h"
#include "hooks/real.h"
#include "hooks/selftest.h"
#include "hooks/threads.h"
#include "trace/python_frames.h"
#include "trace/session.h"

#include <cstring>

namespace gordian::runtime {

constinit bool started = false;

namespace {

constinit FutexLock startLock;

void complain(const char *text) {
  Line line;
  line.text("gordian: ").text(text).print();
}

// The library is initialised before the C library has set `environ`; the loader passes the environment on.
constinit char **environment = nullptr;

const char *environmentValue(const char *name) {
  const size_t length = strlen(name);
  for (char **e = environment ? environment : environ; e && *e; e++)
    if (strncmp(*e, name, length) == 0 && (*e)[length] == '=')
      return *e + length + 1;
  return nullptr;
}

/// What the program executes shall not be traced.
void forgetPreload() {
  char **e = environment ? environment : environ;
  for (char **to = e; e; to++) {
    while (*e && strncmp(*e, "LD_PRELOAD=", 11) == 0)
      e++;
    *to = *e;
    if (!*e++)
      return;
  }
}

} // namespace

void start() {
  Locked locked(startLock);
  if (!locked || started)
    return;
  attachment = Attachment::Ignoring; // what dlsym and the like lock is not the program's business
  resolveReal();
  parseFlags(environmentValue("GORDIAN_OPTIONS"), options, complain);
  if (options.help)
    printFlags(complain);
  findSharedMark();
  placesUsable = options.write_in_locks && layoutIsKnown();
  if (placesUsable)
    tryFreeLocks();
  if (!options.follow_children)
    forgetPreload();
  prepareThreads();
  if (options.python)
    findPython();
  prepareProcess();
  attachment = Attachment::Fresh;
  __atomic_store_n(&recording, options.enabled, __ATOMIC_RELAXED);
  __atomic_store_n(&started, true, __ATOMIC_RELEASE);
}

namespace {

__attribute__((constructor(101))) void load(int, char **, char **env) {
  environment = env;
  if (!started)
    start();
  if (options.selftest)
    real._exit(selftest());
}

__attribute__((destructor(101))) void unload() {
  endProcess();
}

} // namespace

} // namespace gordian::runtime
