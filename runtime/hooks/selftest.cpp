// SPDX-License-Identifier: MIT
//
// A hook works where the search order of the process leads to it and from it to another function. So each row
// of the table is asked what a call from the program leads to (RTLD_DEFAULT): this library, or somebody who
// comes before it: the program itself, where the C library was linked into it in part, or another tool's
// library. What calls past the search order (code linked with -Bsymbolic, system calls made directly) cannot
// be told by asking.
//
// Sanitizers intercept in the program and then call what comes next, which is this library.
//
// Then one mutex is locked through the hook: it must be seen on the held stack and in a trace.
#include "hooks/selftest.h"

#include "core/flags.h"
#include "core/modules.h"
#include "core/print.h"
#include "hooks/entry.h"
#include "hooks/holders.h"
#include "hooks/layout.h"
#include "hooks/real.h"
#include "trace/python_frames.h"
#include "trace/writer.h"

#include <dlfcn.h>
#include <sys/auxv.h>

namespace gordian::runtime {

namespace {

struct Counts {
  unsigned hooked = 0, missed = 0, absent = 0;
};

const char *fileOf(const void *address) {
  Dl_info info;
  return address && dladdr(address, &info) && info.dli_fname && info.dli_fname[0] ? info.dli_fname
                                                                                  : "the program";
}

void row(const char *state, const char *name, const char *why, const char *where) {
  constexpr size_t kColumn = 28;
  Line line;
  line.text("  ").text(state).text(name);
  for (size_t i = strlen(name); i < kColumn; i++)
    line.text(" ");
  line.text(why).text(where).print();
}

/// Where the module lies that the address is in.
const void *moduleOf(const void *address) {
  Dl_info info;
  return address && dladdr(address, &info) ? info.dli_fbase : nullptr;
}

const void *anAddressHere() {
  return reinterpret_cast<const void *>(&selftest);
}

/// The interceptors of ThreadSanitizer or AddressSanitizer are part of the process.
bool isSanitized() {
  return dlsym(RTLD_DEFAULT, "__tsan_init") || dlsym(RTLD_DEFAULT, "__asan_init");
}

void testRow(const char *name, const void *next, Counts &counts) {
  const void *first = dlsym(RTLD_DEFAULT, name);
  const bool ours = moduleOf(first) == moduleOf(anAddressHere());
  if (first && !ours && isSanitized()) {
    counts.hooked++;
    row("hooked      ", name, "behind the sanitizer in ", fileOf(first));
  } else if (first && !ours) {
    counts.missed++;
    row("NOT HOOKED  ", name, "comes first: ", fileOf(first));
  } else if (next) {
    counts.hooked++;
    row("hooked      ", name, "calls ", fileOf(next));
  } else if (strncmp(name, "__cxa_guard_", 12) == 0) {
    counts.hooked++;
    row("hooked      ", name, "done here until a C++ library is loaded", "");
  } else {
    counts.absent++;
    row("absent      ", name, "no library of this process has it", "");
  }
}

void fact(bool good, const char *what, const char *yes, const char *no) {
  Line line;
  line.text("  ").text(what).text(": ").text(good ? yes : no).print();
}

/// Does a lock operation arrive where it should? By this library's own function, whoever comes before it.
bool acquisitionIsSeen() {
  void *library = dlopen(fileOf(anAddressHere()), RTLD_NOLOAD | RTLD_LAZY);
  using Function = int (*)(pthread_mutex_t *);
  const auto lock = library ? reinterpret_cast<Function>(dlsym(library, "pthread_mutex_lock")) : nullptr;
  const auto unlock = library ? reinterpret_cast<Function>(dlsym(library, "pthread_mutex_unlock")) : nullptr;
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  if (!lock || !unlock || lock(&m) != 0)
    return false;
  const ThreadState *t = hot.state;
  const bool recorded = t && t->top()->address == &m && t->top()->node != trace::kNoRef;
  unlock(&m);
  return recorded && t->top()->address != &m;
}

} // namespace

int selftest() {
  Line head;
  head.text("gordian: selftest of process ").decimal(processId()).text(", ");
  head.text(fileOf(reinterpret_cast<const void *>(getauxval(AT_ENTRY)))).text(", library ");
  head.text(fileOf(anAddressHere())).print();
  Counts counts;
#define LOCK_FUNCTION(name, result, parameters, arguments, object, effect, mode, wait)                       \
  testRow(#name, reinterpret_cast<const void *>(real.name), counts);
#define HAND_FUNCTION(name, result, parameters, object, effect, mode, wait, version)                         \
  testRow(#name, reinterpret_cast<const void *>(real.name), counts);
#include "hooks/lock_functions.def"
  fact(placesUsable, "identity of a lock", "kept in the lock",
       !options.write_in_locks ? "a table by address (write_in_locks=0)"
                               : "a table by address (this C library's locks are laid out differently)");
  const bool sanitized = isSanitized(); // its functions are not ready yet
  const bool seen = !sanitized && acquisitionIsSeen();
  fact(seen, "an acquisition", "seen and recorded",
       sanitized         ? "not tried, the sanitizer is not ready yet"
       : options.enabled ? "NOT RECORDED"
                         : "not recorded (enabled=0)");
  if (traceFile.isOpen()) {
    fact(true, "trace", traceFile.path(), "");
    unlink(traceFile.path());
  }
  fact(pythonIsThere(), "Python", "an interpreter whose frames can be read",
       "none, or of a version that is not known");
  Line end;
  end.text("gordian: ").decimal(counts.hooked).text(" hooked, ").decimal(counts.missed).text(" not hooked, ");
  end.decimal(counts.absent).text(" absent. The program was not run.").print();
  return counts.missed == 0 && (seen || sanitized || !options.enabled) ? 0 : 1;
}

} // namespace gordian::runtime
