// SPDX-License-Identifier: MIT
//
// Process: fork, exec, the ways out, and modules that go. (dlopen is not hooked: it looks for libraries on
// behalf of whoever calls it, and the caller must stay the program. Modules that come are noticed when a call
// stack leads through them, core/modules.h.)
//
// fork. The child's trace is another file. Our handler is registered first, so in the child it runs before
// the program's own ones and in the parent's preparation after them. exec leaves a mark in the trace and
// takes it back where it fails; a child of vfork shares the parent's memory and leaves none. _Fork and a
// clone by system call run no handlers: see forkedUnseen.
#include "hooks/entry.h"
#include "hooks/process.h"
#include "hooks/real.h"
#include "hooks/report.h"
#include "hooks/threads.h"
#include "hooks/waits.h"
#include "trace/contexts.h"
#include "trace/session.h"
#include "trace/writer.h"

#include <alloca.h>
#include <cerrno>
#include <cstdarg>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

void afterForkInChild() {
  forkSession(hot.state);
}

/// The mark of an exec, taken back where it returns.
template <class Real>
int runExec(Real call) {
  endSession(EndState::Exec, 0);
  const int result = call();
  const int error = errno;
  resumeSession();
  errno = error;
  return result;
}

/// exit() was called, or _exit: by whom, holding what?
void leaving(CallPoint at) {
  ThreadState *t = enter();
  if (!t || t->top() == t->bottom())
    return;
  if (Recording r(t); r)
    t->exitContext = contextAt(t, at, callKey(at, t->stack));
}

void end(EndState how, int status) {
  if (ThreadState *t = hot.state; t && traceFile.isOpen() && traceFile.header().pid == processId())
    if (Recording r(t); r)
      recordHeld(r, HeldKind::ProcessExit, t->exitContext);
  endSession(how, status);
  writeReport();
}

constinit int exitStatus = 0;

} // namespace

void prepareProcess() {
  forgetInChild = [] {
    forgetWaits();
    resetThreadLock();
  };
  pthread_atfork(holdForFork, releaseAfterFork, afterForkInChild);
}

void endProcess() {
  end(EndState::Exited, exitStatus);
}

GORDIAN_HOOK(execve, int, (const char *object, char *const arguments[], char *const environment[])) {
  return runExec([=] { return GORDIAN_REAL(execve)(object, arguments, environment); });
}

GORDIAN_HOOK(execv, int, (const char *object, char *const arguments[])) {
  return runExec([=] { return GORDIAN_REAL(execv)(object, arguments); });
}

GORDIAN_HOOK(execvp, int, (const char *object, char *const arguments[])) {
  return runExec([=] { return GORDIAN_REAL(execvp)(object, arguments); });
}

GORDIAN_HOOK(execvpe, int, (const char *object, char *const arguments[], char *const environment[])) {
  return runExec([=] { return GORDIAN_REAL(execvpe)(object, arguments, environment); });
}

GORDIAN_HOOK(fexecve, int, (int object, char *const arguments[], char *const environment[])) {
  return runExec([=] { return GORDIAN_REAL(fexecve)(object, arguments, environment); });
}

// The functions with a list of arguments become those with an array: the C library does the same. They are
// not in the table, since nothing of them is to be resolved.
#define COLLECT_ARGUMENTS(array, first)                                                                      \
  size_t count = 1;                                                                                          \
  va_list list;                                                                                              \
  va_start(list, first);                                                                                     \
  while (va_arg(list, char *))                                                                               \
    count++;                                                                                                 \
  va_end(list);                                                                                              \
  auto **array = static_cast<char **>(alloca((count + 1) * sizeof(char *)));                                 \
  array[0] = const_cast<char *>(first);                                                                      \
  va_start(list, first);                                                                                     \
  for (size_t i = 1; i <= count; i++)                                                                        \
    array[i] = va_arg(list, char *);

GORDIAN_HOOK(execl, int, (const char *object, const char *first, ...)) {
  COLLECT_ARGUMENTS(arguments, first)
  va_end(list);
  return hook_execv(object, arguments);
}

GORDIAN_HOOK(execlp, int, (const char *object, const char *first, ...)) {
  COLLECT_ARGUMENTS(arguments, first)
  va_end(list);
  return hook_execvp(object, arguments);
}

GORDIAN_HOOK(execle, int, (const char *object, const char *first, ...)) {
  COLLECT_ARGUMENTS(arguments, first)
  char *const *environment = va_arg(list, char *const *);
  va_end(list);
  return hook_execve(object, arguments, environment);
}

GORDIAN_HOOK(exit, void, (int object)) {
  exitStatus = object;
  leaving(GORDIAN_CALL_POINT());
  GORDIAN_REAL(exit)(object);
  __builtin_unreachable();
}

GORDIAN_HOOK(_exit, void, (int object)) {
  leaving(GORDIAN_CALL_POINT());
  end(EndState::QuickExit, object);
  GORDIAN_REAL(_exit)(object);
  __builtin_unreachable();
}

GORDIAN_HOOK(_Exit, void, (int object)) {
  leaving(GORDIAN_CALL_POINT());
  end(EndState::QuickExit, object);
  GORDIAN_REAL(_Exit)(object);
  __builtin_unreachable();
}

GORDIAN_HOOK(quick_exit, void, (int object)) {
  leaving(GORDIAN_CALL_POINT());
  end(EndState::QuickExit, object);
  GORDIAN_REAL(quick_exit)(object);
  __builtin_unreachable();
}

GORDIAN_HOOK(abort, void, ()) {
  endSession(EndState::Aborted, 0);
  GORDIAN_REAL(abort)();
  __builtin_unreachable();
}

GORDIAN_HOOK(dlclose, int, (void *object)) {
  const int result = GORDIAN_REAL(dlclose)(object);
  rereadModules();
  return result;
}

} // namespace gordian::runtime
