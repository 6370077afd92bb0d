// SPDX-License-Identifier: MIT
//
// Starts a program and stays in between as a shell would: standard input, output and error are the program's,
// signals that somebody sends to us are sent on (those of the terminal reach the whole group by themselves),
// and its end is reaped.
#ifndef GORDIAN_CLI_CHILD_H
#define GORDIAN_CLI_CHILD_H

#include "llvm/Support/Error.h"

#include <csignal>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gordian::cli {

struct ChildProgram {
  std::string path;
  std::vector<std::string> arguments; // argv, the name first
  std::vector<std::string> environment;
  bool fixedAddresses = false; // no address space randomisation: ThreadSanitizer needs it on some kernels
};

class Child {
public:
  /// The error says why the program could not be executed.
  static llvm::Expected<Child> start(const ChildProgram &program);
  ~Child();
  Child(Child &&other);
  Child(const Child &) = delete;

  pid_t pid() const { return id; }

  /// Waits at most that long; true when the program has ended. Forwards signals while it waits.
  bool wait(int milliseconds);

  /// The same after the program's end: passes the time, notices signals.
  void pause(int milliseconds);

  /// As a shell says it: the exit status, or 128 + the signal that killed it. Valid once it has ended.
  int status() const;
  bool ended() const { return hasEnded; }

  /// The last signal that somebody sent to us to end, 0: none. For waiting on after the program's end.
  int interrupted() const { return lastSignal; }

private:
  explicit Child(pid_t p) : id(p) {}
  void reap();
  int takeSignal(int milliseconds, bool forward);

  pid_t id = -1;
  int waitStatus = 0, lastSignal = 0;
  bool hasEnded = false, owner = true;
  sigset_t waited{}, previous{};
};

} // namespace gordian::cli

#endif
