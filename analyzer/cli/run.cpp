// SPDX-License-Identifier: MIT
//
// gordian run -- PROG [ARGS...]: the program under watch, then one result for it and all its traced children.
//
//   1. everything that can be wrong is found before the program starts: the program itself, the runtime
//   library, the
//      trace folder, the outputs
//   2. the program runs; its streams are its own, we only pass signals on and look at the traces as they grow
//   3. a deadlock ends it (--on-deadlock), and all its traced children
//   4. traces -> facts -> findings -> the outputs; text goes to stderr, for stdout is the program's
//   5. the exit status is the program's own, or --error-exitcode where there is something to report
#include "cli/child.h"
#include "cli/command.h"
#include "cli/preload.h"
#include "cli/trace_result.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

#include <sys/stat.h>
#include <unistd.h>

using namespace gordian;
using namespace gordian::cli;
using llvm::StringRef;

namespace {
constexpr int kPollMilliseconds = 100;

struct RunOptions {
  std::string onDeadlock = "exit";
  int errorStatus = 66;
  bool waitChildren = false;
  std::string traceDir;
  OutputOptions output;
};

/// A folder of our own, removed at the end; or the user's, which stays.
class TraceFolder {
public:
  static llvm::Expected<TraceFolder> create(const std::string &wanted);
  TraceFolder(TraceFolder &&other) : folder(std::move(other.folder)), temporary(other.temporary) {
    other.temporary = false;
  }
  ~TraceFolder() {
    if (temporary)
      llvm::sys::fs::remove_directories(folder);
  }
  const std::string &path() const { return folder; }
  bool isTemporary() const { return temporary; }
  void keep() { temporary = false; }

private:
  TraceFolder(std::string f, bool t) : folder(std::move(f)), temporary(t) {}
  std::string folder;
  bool temporary;
};

struct Outcome {
  int status = 0;          // of the program
  bool endedByUs = false;  // at a deadlock
  std::vector<pid_t> left; // traced processes that outlive it
};
} // namespace

// 1: before the start
// ------------------------------------------------------------------------------------------------

static llvm::Error problem(const llvm::Twine &text) {
  return llvm::createStringError(text);
}

llvm::Expected<TraceFolder> TraceFolder::create(const std::string &wanted) {
  llvm::SmallString<256> path(wanted);
  if (wanted.empty()) {
    llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, path);
    llvm::sys::path::append(path, "gordian-XXXXXX");
    std::string name = path.str().str();
    if (!::mkdtemp(name.data()))
      return problem("cannot create a trace folder " + path.str() + ": " + std::strerror(errno) +
                     " (give one with --trace-dir)");
    return TraceFolder(name, true);
  }
  std::error_code why = llvm::sys::fs::create_directories(path);
  if (!why && !llvm::sys::fs::is_directory(path))
    why = std::make_error_code(std::errc::not_a_directory);
  if (why)
    return problem("cannot create the trace folder " + wanted + ": " + why.message());
  llvm::sys::fs::make_absolute(path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  if (::access(path.c_str(), W_OK | X_OK) != 0)
    return problem("cannot write to the trace folder " + wanted + ": " + std::strerror(errno));
  return TraceFolder(path.str().str(), false);
}

/// An output is written beside its name and renamed, so its folder must be writable.
static llvm::Error checkOutput(StringRef output) {
  if (output == "-")
    return llvm::Error::success();
  struct stat status;
  bool exists = ::stat(output.str().c_str(), &status) == 0;
  bool special = exists && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  StringRef folder = exists && S_ISDIR(status.st_mode) ? output : llvm::sys::path::parent_path(output);
  std::string needed = special ? output.str() : folder.empty() ? "." : folder.str();
  if (::access(needed.c_str(), special ? W_OK : W_OK | X_OK) == 0)
    return llvm::Error::success();
  return problem("cannot write " + output + ": " + std::strerror(errno));
}

// 2 and 3: while it runs
// ---------------------------------------------------------------------------------------------

static bool nothingOf(const Result &result) {
  return result.findings.empty() && result.notifications.empty();
}

/// The report so far, for `--on-deadlock=continue`: the deadlock is told when it happens, all at the end.
static void tellNow(const trace::Watcher &watcher, OutputOptions options) {
  TraceInputs inputs{watcher.files(), {}, watcher.sharedCycles()};
  Result result = resultOf(inputs, options);
  llvm::erase_if(result.findings, [](const Finding &f) { return f.evidence != Evidence::Confirmed; });
  result.notifications.clear();
  options.formats.clear();
  options.outputs.clear();
  if (!nothingOf(result))
    emit(std::move(result), options);
}

static void endAll(const Child &child, const trace::Watcher &watcher, int signal) {
  for (pid_t pid : watcher.running())
    if (pid != child.pid())
      ::kill(pid, signal);
  ::kill(child.pid(), signal);
}

static Outcome watch(Child &child, trace::Watcher &watcher, const RunOptions &options) {
  Outcome outcome;
  constexpr int kPatience = 20; // polls after an abort, until SIGKILL
  int sinceAbort = 0;
  while (!child.wait(kPollMilliseconds)) {
    bool deadlock = watcher.poll();
    if (outcome.endedByUs && ++sinceAbort == kPatience)
      endAll(child, watcher, SIGKILL);
    if (!deadlock || outcome.endedByUs)
      continue;
    if (options.onDeadlock == "continue") {
      tellNow(watcher, options.output);
      continue;
    }
    outcome.endedByUs = true;
    endAll(child, watcher, options.onDeadlock == "abort" ? SIGABRT : SIGKILL);
  }
  watcher.poll();
  outcome.status = child.status();
  return outcome;
}

/// What the program left behind. A signal to us ends the waiting, not the children.
static void awaitChildren(Child &child, trace::Watcher &watcher, const RunOptions &options,
                          Outcome &outcome) {
  int before = child.interrupted();
  while (options.waitChildren && !outcome.endedByUs && !watcher.running().empty() &&
         child.interrupted() == before) {
    child.pause(kPollMilliseconds);
    if (watcher.poll() && options.onDeadlock != "continue") {
      for (pid_t pid : watcher.running())
        ::kill(pid, SIGKILL);
      outcome.endedByUs = true;
    }
  }
  watcher.poll();
  outcome.left = outcome.endedByUs ? std::vector<pid_t>() : watcher.running();
}

// 4: afterwards
// ------------------------------------------------------------------------------------------------------

static std::vector<std::string> tsanLogs(const Watching &watching) {
  std::vector<std::string> logs;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(watching.traceDir, error), end; it != end && !error;
       it.increment(error))
    if (StringRef(it->path()).starts_with(tsanLogPrefix(watching) + "."))
      logs.push_back(it->path());
  llvm::sort(logs);
  return logs;
}

static Result collect(const trace::Watcher &watcher, const Watching &watching, const Outcome &outcome,
                      const RunOptions &options) {
  TraceInputs inputs{watcher.files(), tsanLogs(watching), watcher.sharedCycles()};
  Result result = resultOf(inputs, options.output);
  if (inputs.traces.empty())
    result.notifications.push_back(
        {Level::Warning,
         "the program left no trace: it took no lock, ended before libgordian.so was loaded, or cleared its "
         "environment",
         {}});
  for (pid_t pid : outcome.left)
    result.notifications.push_back({Level::Note,
                                    "process " + std::to_string(pid) +
                                        " still runs; its trace stays: gordian report " + watching.traceDir +
                                        " (or wait for it: --wait-children)",
                                    {}});
  return result;
}

static llvm::Error run(const RunOptions &options, const Tail &tail, int &status) {
  if (tail.words.empty())
    return problem("no program given: gordian run [OPTIONS] -- PROG [ARGS...]");
  llvm::Expected<Target> target = findTarget(tail.words[0]);
  if (!target)
    return target.takeError();
  for (const std::string &output : options.output.outputs)
    if (llvm::Error e = checkOutput(output))
      return e;
  llvm::Expected<TraceFolder> folder = TraceFolder::create(options.traceDir);
  if (!folder)
    return folder.takeError();
  llvm::Expected<Watching> watching = prepareWatching(folder->path());
  if (!watching)
    return watching.takeError();

  trace::Watcher watcher(folder->path());
  llvm::Expected<Child> child = Child::start(
      {target->path, tail.words, watchedEnvironment(*watching, *target), target->threadSanitizer});
  if (!child)
    return child.takeError();
  Outcome outcome = watch(*child, watcher, options);
  awaitChildren(*child, watcher, options, outcome);

  if (!outcome.left.empty())
    folder->keep();
  Result result = collect(watcher, *watching, outcome, options);
  bool found = false;
  emit(std::move(result), options.output, &found);
  status = found && options.errorStatus ? options.errorStatus : outcome.status;
  return llvm::Error::success();
}

static int runProgram(RunOptions options, const Tail &tail) {
  options.output.consoleIsStderr = true;
  int status = kFailed;
  if (llvm::Error e = run(options, tail, status))
    return fail(llvm::toString(std::move(e)));
  return status;
}

Action cli::runCommand(CLI::App &app, const Tail &tail) {
  auto options = std::make_shared<RunOptions>();
  app.add_option("--on-deadlock", options->onDeadlock,
                 "what to do when threads do block each other: end the program and its traced children, "
                 "report and go "
                 "on, or end it by SIGABRT (for a core dump)")
      ->check(CLI::IsMember({"exit", "continue", "abort"}))
      ->capture_default_str();
  app.add_option("--error-exitcode", options->errorStatus,
                 "exit status where there are findings; 0: the program's own")
      ->type_name("N")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  app.add_flag("--wait-children", options->waitChildren, "wait for traced children that outlive the program");
  app.add_option("--trace-dir", options->traceDir, "keep the trace files in this folder")->type_name("DIR");
  options->output.addTo(app);
  return [options, &tail] { return runProgram(*options, tail); };
}
