// SPDX-License-Identifier: MIT
//
// See child.h. All signals of interest are blocked and taken one by one with sigtimedwait, so that no handler
// runs.
#include "cli/child.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gordian::cli;

namespace {
constexpr int kForwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
} // namespace

static std::vector<char *> pointers(const std::vector<std::string> &words) {
  std::vector<char *> out;
  for (const std::string &word : words)
    out.push_back(const_cast<char *>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

/// In the child: what the program is to inherit is what we had, then it. Only returns by _exit.
[[noreturn]] static void execute(const ChildProgram &program, const sigset_t &mask, bool childrenIgnored,
                                 int tell) {
  std::vector<char *> arguments = pointers(program.arguments), environment = pointers(program.environment);
  if (childrenIgnored)
    ::signal(SIGCHLD, SIG_IGN);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  if (program.fixedAddresses) {
    int now = ::personality(0xffffffff);
    if (now != -1)
      ::personality(unsigned(now) | ADDR_NO_RANDOMIZE);
  }
  ::execve(program.path.c_str(), arguments.data(), environment.data());
  int error = errno;
  ssize_t ignored = ::write(tell, &error, sizeof error);
  (void)ignored;
  ::_exit(127);
}

llvm::Expected<Child> Child::start(const ChildProgram &program) {
  int tell[2];
  if (::pipe2(tell, O_CLOEXEC) != 0)
    return llvm::createStringError(std::errc(errno), "cannot start %s: %s", program.path.c_str(),
                                   std::strerror(errno));
  sigset_t waited, previous;
  ::sigemptyset(&waited);
  ::sigaddset(&waited, SIGCHLD);
  for (int s : kForwarded)
    ::sigaddset(&waited, s);
  ::sigprocmask(SIG_BLOCK, &waited, &previous);
  bool childrenIgnored = ::signal(SIGCHLD, SIG_DFL) == SIG_IGN;
  pid_t pid = ::fork();
  if (pid == 0)
    execute(program, previous, childrenIgnored, tell[1]);
  int error = pid < 0 ? errno : 0;
  ::close(tell[1]);
  if (pid > 0 && ::read(tell[0], &error, sizeof error) == ssize_t(sizeof error))
    ::waitpid(pid, nullptr, 0);
  ::close(tell[0]);
  if (error) {
    ::sigprocmask(SIG_SETMASK, &previous, nullptr);
    return llvm::createStringError(std::errc(error), "cannot start %s: %s", program.path.c_str(),
                                   std::strerror(error));
  }
  Child child(pid);
  child.waited = waited;
  child.previous = previous;
  return child;
}

Child::Child(Child &&other)
    : id(other.id), waitStatus(other.waitStatus), lastSignal(other.lastSignal), hasEnded(other.hasEnded),
      waited(other.waited), previous(other.previous) {
  other.owner = false;
}

Child::~Child() {
  if (owner && id > 0)
    ::sigprocmask(SIG_SETMASK, &previous, nullptr);
}

void Child::reap() {
  int status = 0;
  if (!hasEnded && ::waitpid(id, &status, WNOHANG) == id) {
    waitStatus = status;
    hasEnded = true;
  }
}

/// The terminal's own signals (from the kernel) have reached the program already.
int Child::takeSignal(int milliseconds, bool forward) {
  timespec limit{milliseconds / 1000, long(milliseconds % 1000) * 1000000};
  siginfo_t info;
  int signal = ::sigtimedwait(&waited, &info, &limit);
  if (signal <= 0 || signal == SIGCHLD)
    return 0;
  lastSignal = signal;
  if (forward && info.si_code != SI_KERNEL)
    ::kill(id, signal);
  return signal;
}

bool Child::wait(int milliseconds) {
  reap();
  if (!hasEnded) {
    takeSignal(milliseconds, true);
    reap();
  }
  return hasEnded;
}

void Child::pause(int milliseconds) {
  takeSignal(milliseconds, false);
}

int Child::status() const {
  return WIFSIGNALED(waitStatus) ? 128 + WTERMSIG(waitStatus) : WEXITSTATUS(waitStatus);
}
