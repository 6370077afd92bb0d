// SPDX-License-Identifier: MIT
#include "hooks/python.h"

#include "core/modules.h"
#include "core/unwind.h"

#include <cstring>

namespace gordian::runtime {

namespace {

constexpr unsigned kSiteFrames = 3;

bool endsWith(const char *text, size_t size, const char *end) {
  const size_t n = strlen(end);
  return size >= n && memcmp(text + size - n, end, n) == 0;
}

PythonRole roleOf(const PythonFrame &frame) {
  char text[512];
  if (!endsWith(text, pythonFile(frame, text, sizeof(text)), "/threading.py"))
    return PythonRole::Lock;
  const size_t size = pythonFunction(frame, text, sizeof(text));
  const auto is = [&](const char *name) { return size == strlen(name) && memcmp(text, name, size) == 0; };
  if (is("Condition.wait") || is("Thread._set_tstate_lock"))
    return PythonRole::Handoff;
  return is("Condition.__enter__") ? PythonRole::ConditionLock : PythonRole::Lock;
}

} // namespace

bool isPythonCall(CallPoint at) {
  if (!pythonIsThere())
    return false;
  static const Module *interpreter = nullptr;
  if (!interpreter)
    interpreter = findModule(interpreterCode());
  return interpreter && at.pc - interpreter->begin < interpreter->end - interpreter->begin;
}

bool isInterpreterSwitch(CallPoint at) {
  if (!isPythonCall(at))
    return false;
  // A program that has the interpreter linked in keeps its own conditions.
  static __thread int own __attribute__((tls_model("initial-exec"))) = -1;
  if (own < 0) {
    const char *path = findModule(interpreterCode())->path;
    const char *file = strrchr(path, '/');
    file = file ? file + 1 : path;
    own = strncmp(file, "python", 6) == 0 || strncmp(file, "libpython", 9) == 0;
  }
  return own;
}

uint64_t pythonSite(uint64_t site) {
  PythonFrame frames[kSiteFrames];
  const unsigned count = pythonFrames(frames, kSiteFrames);
  for (unsigned i = 0; i < count; i++)
    site = mixKey(mixKey(site, reinterpret_cast<uintptr_t>(frames[i].code)), frames[i].instruction);
  return site;
}

bool isLockObject(ThreadState *t, CallPoint at) {
  static uintptr_t learnt[8] = {}; // functions; the compiler may have made several of one
  CallStack &stack = t->scratch;
  stack.count = 0;
  stack.truncated = stack.broken = false;
  captureStack(at, t->stack, 3, stack);
  PythonFrame frame;
  if (pythonFrames(&frame, 1) == 0)
    return false;
  // Past the interpreter's own layer over semaphores, where that was not inlined.
  uintptr_t caller = 0;
  for (unsigned i = 0; i < stack.count && (!caller || isPythonLockLayer(caller)); i++)
    caller = functionOfCall(stack.pc[i]);
  const bool with = pythonIsWith(frame);
  for (uintptr_t &known : learnt) {
    uintptr_t there = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (!there && with &&
        __atomic_compare_exchange_n(&known, &there, caller, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return true;
    if (there == caller)
      return caller != 0;
  }
  return false;
}

Wait pythonIntent(Wait called) {
  PythonFrame frame;
  if (called != Wait::Try || pythonFrames(&frame, 1) == 0)
    return called;
  switch (pythonRequest(frame)) {
  case PythonRequest::Waits:
    return Wait::Block;
  case PythonRequest::Timed:
    return Wait::Timed;
  default:
    return Wait::Try; // not known: no edge into it, which may miss
  }
}

PythonRole pythonRole() {
  PythonFrame frame;
  if (pythonFrames(&frame, 1) == 0)
    return PythonRole::Lock;
  // Asked at every acquisition: remembered by code object.
  struct Known {
    const char *code;
    PythonRole role;
  };
  static __thread Known known[16] __attribute__((tls_model("initial-exec")));
  Known &k = known[(reinterpret_cast<uintptr_t>(frame.code) >> 4) % 16];
  if (k.code != frame.code)
    k = {frame.code, roleOf(frame)};
  // Thread._set_tstate_lock enters another lock, an honest one, by `with`.
  return k.role == PythonRole::Handoff && pythonIsWith(frame) ? PythonRole::Lock : k.role;
}

} // namespace gordian::runtime
