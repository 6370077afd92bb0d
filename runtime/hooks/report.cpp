// SPDX-License-Identifier: MIT
#include "hooks/report.h"

#include "core/flags.h"
#include "core/modules.h"
#include "core/print.h"
#include "trace/writer.h"

#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <new>
#include <sys/wait.h>
#include <unistd.h>

namespace gordian::runtime {

namespace {

constexpr size_t kMaxEnvironment = 1024;

/// Everything that the child needs, made before it exists: it may only make system calls.
struct Child {
  PathText program, format, output, suppressions;
  const char *arguments[12];
  const char *environment[kMaxEnvironment];
};

/// ../bin/gordian beside the library, unless the options say where.
void findProgram(PathText &out) {
  if (!options.gordian.empty()) {
    out.text(options.gordian.value);
    return;
  }
  const Module *self = findModule(reinterpret_cast<uintptr_t>(&findProgram));
  const char *path = self ? self->path : "";
  const char *file = strrchr(path, '/');
  const size_t folder = file ? size_t(file - path) : 0;
  out.text(path, folder).text(folder ? "/../bin/gordian" : "../bin/gordian");
}

bool prepare(Child &c) {
  const char *colon = strchr(options.report.value, ':');
  if (!colon || colon == options.report.value || !colon[1]) {
    notice("report= takes FORMAT:PATH, as in report=html:deadlocks.html; no report is written");
    return false;
  }
  findProgram(c.program);
  c.format.text(options.report.value, size_t(colon - options.report.value));
  c.output.text(colon + 1);
  const char **a = c.arguments;
  for (const char *word : {c.program.c_str(), "report", "--format", c.format.c_str(), "-o", c.output.c_str()})
    *a++ = word;
  if (!options.suppressions.empty()) {
    *a++ = "--suppressions";
    *a++ = options.suppressions.value;
  }
  *a++ = traceFile.path();
  *a = nullptr;
  size_t n = 0;
  for (char **e = environ; e && *e && n + 1 < kMaxEnvironment; e++)
    if (strncmp(*e, "LD_PRELOAD=", 11) != 0 && strncmp(*e, "GORDIAN_OPTIONS=", 16) != 0)
      c.environment[n++] = *e;
  c.environment[n] = nullptr;
  return true;
}

/// A fork that runs no handlers and copies no memory. Returns in the parent only; a negative errno where it
/// failed.
__attribute__((noinline)) long spawn(const Child &c) {
  const long pid = systemCall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (pid != 0)
    return pid;
  systemCall(SYS_execve, long(c.program.c_str()), long(c.arguments), long(c.environment));
  systemCall(SYS_exit_group, 127);
  __builtin_unreachable();
}

} // namespace

void writeReport() {
  static uint32_t done = 0;
  if (options.report.empty() || options.watched || !traceFile.isOpen() ||
      traceFile.header().pid != processId() || __atomic_exchange_n(&done, 1, __ATOMIC_RELAXED))
    return;
  auto *child = static_cast<Child *>(mapMemory(sizeof(Child)));
  if (!child)
    return;
  new (child) Child();
  if (prepare(*child)) {
    const long pid = spawn(*child);
    int status = 0;
    while (pid > 0 && systemCall(SYS_wait4, pid, long(&status), 0, 0) == -EINTR) {
    }
    if (pid <= 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
      Line line;
      line.text("gordian: cannot start ").text(child->program.c_str());
      line.text("; run it yourself: gordian report ").text(traceFile.path()).print();
    }
  }
  unmapMemory(child, sizeof(Child));
}

} // namespace gordian::runtime
