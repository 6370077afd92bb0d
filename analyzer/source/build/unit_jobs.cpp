// SPDX-License-Identifier: MIT
#include "source/build/unit_jobs.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <list>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "llvm/Support/thread.h" // uses std::exchange without including it

namespace gordian::build {

using Clock = std::chrono::steady_clock;

namespace {
struct Running {
  size_t index;
  pid_t process;
  int pipe;
  Clock::time_point deadline;
  std::string output;
};
} // namespace

// A result ends with this, so that half a result is not taken for one.
static constexpr char endMark = '\x17';

// ---------------------------------------------------------------- the child

static bool writeAll(int fd, const std::string &bytes) {
  for (size_t at = 0; at < bytes.size();) {
    ssize_t n = write(fd, bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno != EINTR)
      return false;
    at += n > 0 ? size_t(n) : 0;
  }
  return true;
}

/// Quiet, mortal with its parent, without core dumps; crashes are the parent's to report.
static void becomeWorker() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGPIPE, SIGINT, SIGTERM})
    if (signal(number, SIG_DFL) == SIG_IGN)
      signal(number, SIG_IGN); // as in a background job, whose parent ignores it as well
  rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  int null = open("/dev/null", O_RDWR);
  for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    dup2(null, fd);
}

[[noreturn]] static void runChild(size_t index, const std::function<std::string(size_t)> &job, int out) {
  becomeWorker();
  bool written = false;
  constexpr unsigned stack = 256u << 20; // generated code nests deeply; untouched pages cost nothing
  llvm::thread worker(std::optional<unsigned>(stack), [&] { written = writeAll(out, job(index) + endMark); });
  worker.join();
  _exit(written ? 0 : 1); // no destructors: the memory goes as a whole
}

// ---------------------------------------------------------------- the parent

namespace {
class Jobs {
public:
  Jobs(size_t count, const std::function<std::string(size_t)> &j, const JobOptions &o)
      : job(j), options(o), results(count) {}

  std::vector<JobResult> run() {
    size_t next = 0;
    while (next != results.size() || !running.empty()) {
      while (next != results.size() && running.size() < std::max(1u, options.parallel))
        start(next++);
      wait();
    }
    return std::move(results);
  }

private:
  void start(size_t index) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      return ended();
    pid_t process = fork();
    if (process == 0) {
      close(ends[0]);
      runChild(index, job, ends[1]);
    }
    close(ends[1]);
    if (process < 0) {
      close(ends[0]);
      return ended();
    }
    running.push_back({index, process, ends[0], Clock::now() + options.timeout, {}});
  }

  void ended() {
    ++done;
    tell();
  }
  void tell() const {
    if (options.progress)
      options.progress(done, results.size());
  }

  void wait() {
    std::vector<pollfd> polls;
    for (const Running &one : running)
      polls.push_back({one.pipe, POLLIN, 0});
    constexpr int tick = 100; // ms: deadlines and progress
    int ready = poll(polls.data(), nfds_t(polls.size()), tick);
    size_t i = 0;
    for (auto it = running.begin(); it != running.end(); ++i) {
      bool over = ready > 0 && polls[i].revents && !readSome(*it);
      bool late = !over && Clock::now() > it->deadline;
      if (late)
        kill(it->process, SIGKILL);
      if (!over && !late) {
        ++it;
        continue;
      }
      finish(*it, late);
      it = running.erase(it);
      ended();
    }
    tell();
  }

  /// False at the end of the pipe.
  static bool readSome(Running &one) {
    char buffer[65536];
    ssize_t n = read(one.pipe, buffer, sizeof buffer);
    if (n > 0)
      one.output.append(buffer, size_t(n));
    return n > 0 || (n < 0 && errno == EINTR);
  }

  void finish(Running &one, bool late) {
    close(one.pipe);
    int status = 0;
    while (waitpid(one.process, &status, 0) < 0 && errno == EINTR) {
    }
    JobResult &result = results[one.index];
    bool whole =
        !one.output.empty() && one.output.back() == endMark && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    result.status = late    ? JobResult::Status::TimedOut
                    : whole ? JobResult::Status::Done
                            : JobResult::Status::Crashed;
    result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (result.status == JobResult::Status::Done) {
      one.output.pop_back();
      result.output = std::move(one.output);
    }
  }

  const std::function<std::string(size_t)> &job;
  const JobOptions &options;
  std::vector<JobResult> results;
  std::list<Running> running;
  size_t done = 0;
};
} // namespace

std::vector<JobResult> runJobs(size_t count, const std::function<std::string(size_t)> &job,
                               const JobOptions &options) {
  return Jobs(count, job, options).run();
}

unsigned defaultParallelism() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return unsigned(std::max(1, CPU_COUNT(&set)));
  return unsigned(std::max(1l, sysconf(_SC_NPROCESSORS_ONLN)));
}

} // namespace gordian::build
