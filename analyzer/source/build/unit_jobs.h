// SPDX-License-Identifier: MIT
//
// Runs one job for each unit, several at a time, each in a process of its own: a front end that crashes or
// does not end loses its unit alone. Processes are forked without exec, so that what the parent has loaded is
// shared; the parent must have one thread. Results come back through pipes and are handed out in order,
// whatever order they were made in.
#ifndef GORDIAN_SOURCE_BUILD_UNIT_JOBS_H
#define GORDIAN_SOURCE_BUILD_UNIT_JOBS_H

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace gordian::build {

struct JobResult {
  enum class Status { Done, Crashed, TimedOut, NotStarted };
  Status status = Status::NotStarted;
  int signal = 0;     // Crashed: by which; 0: it exited by itself without a result
  std::string output; // Done: what the job returned
};

struct JobOptions {
  unsigned parallel = 1;
  std::chrono::milliseconds timeout{120000};
  /// Called in the parent after each end of a job, and now and then in between.
  std::function<void(size_t done, size_t total)> progress;
};

/// Runs job(0) ... job(count - 1).
std::vector<JobResult> runJobs(size_t count, const std::function<std::string(size_t)> &job,
                               const JobOptions &options);

/// As many as the processors that this process may use.
unsigned defaultParallelism();

} // namespace gordian::build

#endif
