// SPDX-License-Identifier: MIT
#include "cli/lowered_units.h"

#include "cli/output_file.h"
#include "report/report.h"
#include "report/words.h"
#include "source/ir/binary.h"
#include "source/lower/lower.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

#include <cstring>
#include <unistd.h>

using namespace gordian;
using namespace gordian::cli;
using llvm::StringRef;

/// "" or what is wrong with "5" or "10%".
static std::string checkShare(const std::string &text) {
  StringRef rest(text);
  bool share = rest.consume_back("%");
  unsigned value = 0;
  bool good = !rest.getAsInteger(10, value) && (!share || value <= 100);
  return good ? "" : "expected a number of units or a share as in 10%";
}

static CLI::Validator positive() {
  return CLI::Validator(
      [](const std::string &text) {
        unsigned value = 0;
        bool good = !StringRef(text).getAsInteger(10, value) && value > 0;
        return good ? "" : "'" + text + "' is not a number above 0";
      },
      "N");
}

void LoweringOptions::addTo(CLI::App &app) {
  app.add_option("-j,--jobs", jobs, "units at a time (default: one for each processor)")->check(positive());
  app.add_option("--unit-timeout", unitTimeout, "seconds after which a unit is given up")
      ->check(positive())
      ->capture_default_str();
  app.add_option("--max-failed-units", maxFailedUnits, "units that may fail: a number, or a share as in 10%")
      ->check(CLI::Validator(checkShare, "N|N%"))
      ->capture_default_str();
  app.add_option("--emit-lowered", lowered, "write the lowered units to this folder, for gordian link")
      ->type_name("DIR");
  app.add_option("--cache", cache, "folder of the units read by earlier runs (default: ~/.cache/gordian)")
      ->type_name("DIR");
  app.add_flag("--no-cache", noCache, "read every unit anew, keep none");
  app.add_flag("--stats", stats, "say how many units were read and how many came from the cache");
}

unsigned LoweringOptions::parallel() const {
  return jobs ? jobs : build::defaultParallelism();
}

bool LoweringOptions::tooMany(size_t failed, size_t total) const {
  StringRef rest(maxFailedUnits);
  bool share = rest.consume_back("%");
  size_t limit = 0;
  rest.getAsInteger(10, limit);
  return share ? failed * 100 > limit * total : failed > limit;
}

/// A counter on a terminal, once it takes long.
static std::function<void(size_t, size_t)> progressLine() {
  if (!isatty(STDERR_FILENO))
    return nullptr;
  auto begin = std::chrono::steady_clock::now();
  return [begin, shown = size_t(-1)](size_t done, size_t total) mutable {
    bool over = done == total;
    if (std::chrono::steady_clock::now() - begin < std::chrono::seconds(2) || done == shown)
      return;
    shown = done;
    llvm::errs() << "\r\x1b[K";
    if (!over)
      llvm::errs() << "reading unit " << done + 1 << " of " << total;
  };
}

static std::string whyLost(const build::JobResult &job, const LoweringOptions &options) {
  using Status = build::JobResult::Status;
  if (job.status == Status::TimedOut)
    return "is not read: it took more than " + std::to_string(options.unitTimeout) + " s (--unit-timeout)";
  if (job.status == Status::NotStarted)
    return "is not read: no process could be started for it";
  return job.signal ? std::string("is not read: the front end crashed (") + strsignal(job.signal) + ")"
                    : "is not read: the front end ended without a result";
}

static Location locationOf(const ir::Unit &unit, const ir::Loc &loc) {
  return loc.file < unit.files.size() ? Location{unit.files[loc.file].path, loc.line, loc.column}
                                      : Location();
}

namespace {
/// Takes the jobs' results in, one unit after the other.
class Collector {
public:
  Collector(const build::CompileDatabase &d, const LoweringOptions &o, Result &r)
      : database(d), options(o), result(r) {}

  void take(size_t index, const build::JobResult &job) {
    const build::CompileCommand &command = database.commands[index];
    if (job.status != build::JobResult::Status::Done)
      return lose(command, whyLost(job, options), {});
    StringRef bytes = takeIgnored(job.output);
    llvm::Expected<ir::Unit> unit = ir::readBinary(bytes, command.file);
    if (!unit)
      return lose(command, "is not read: " + llvm::toString(unit.takeError()), {});
    unit->target = command.target;
    if (!options.lowered.empty())
      keep(index, *unit);
    if (!unit->errors.empty())
      lose(command, "does not parse: " + unit->errors.front().message,
           locationOf(*unit, unit->errors.front().loc));
    units.push_back(std::move(*unit));
  }

  std::vector<ir::Unit> finish() {
    bool bad = options.tooMany(failures.size(), database.commands.size());
    for (Notification &failure : failures) {
      failure.level = bad ? Level::Error : Level::Warning;
      result.notifications.push_back(std::move(failure));
    }
    if (bad)
      result.successful = false;
    for (const auto &[what, count] : ignored)
      result.notifications.push_back(
          {Level::Note, "left out of the command of " + report::counted(count, "unit") + ": " + what, {}});
    return std::move(units);
  }

private:
  /// What lowerOne() put before the unit: a line for each ignored flag, then an empty one.
  StringRef takeIgnored(StringRef rest) {
    for (;;) {
      auto [line, more] = rest.split('\n');
      rest = more;
      if (line.empty())
        return rest;
      ++ignored[line.str()];
    }
  }

  void lose(const build::CompileCommand &command, const std::string &why, const Location &location) {
    failures.push_back({Level::Warning, command.file + " " + why, location});
  }

  /// Numbered, for one file may be compiled several times.
  void keep(size_t index, const ir::Unit &unit) {
    std::string name =
        std::to_string(index + 1) + "-" + llvm::sys::path::filename(unit.source).str() + ".lowered";
    llvm::SmallString<256> path(options.lowered);
    llvm::sys::path::append(path, name);
    if (llvm::Error error = writeFile(path, [&](llvm::raw_ostream &out) { out << ir::writeBinary(unit); })) {
      result.successful = false;
      result.notifications.push_back({Level::Error, llvm::toString(std::move(error)), {}});
    }
  }

  const build::CompileDatabase &database;
  const LoweringOptions &options;
  Result &result;
  std::vector<ir::Unit> units;
  std::vector<Notification> failures;
  std::map<std::string, unsigned> ignored; // what Clang objects to in commands: how many units
};
} // namespace

/// The caller's, where it can be used. One that was named and cannot be is told.
static build::UnitCache openCache(const LoweringOptions &options, Result &result) {
  std::string folder = options.noCache         ? ""
                       : options.cache.empty() ? build::defaultCacheFolder()
                                               : options.cache;
  build::UnitCache cache(std::move(folder), build::toolIdentity(lower::frontEndVersion()));
  std::string problem = cache.open();
  if (!problem.empty() && !options.cache.empty())
    result.notifications.push_back({Level::Warning, std::move(problem), {}});
  return cache;
}

static constexpr uint64_t kMostCached = uint64_t(2) << 30;

bool LoweredUnits::recallUnit(size_t i) {
  if (!cache.enabled())
    return false;
  keys[i] = cache.key(database.commands[i], database.root);
  std::optional<std::string> unit = cache.find(keys[i]);
  if (!unit)
    return false;
  results[i].status = build::JobResult::Status::Done;
  results[i].output = std::move(*unit);
  return true;
}

/// In a process of its own.
std::string LoweredUnits::lowerOne(size_t i) const {
  lower::Options how;
  how.root = database.root;
  build::FileAnswers answers;
  if (cache.enabled())
    how.files = build::recordingFiles(llvm::vfs::createPhysicalFileSystem(), answers);
  std::vector<std::string> ignored;
  std::string unit = ir::writeBinary(lower::lowerUnit(database.commands[i], how, nullptr, &ignored));
  std::string out;
  for (const std::string &what : ignored)
    out += what.substr(0, what.find('\n')) + '\n';
  out += '\n' + unit;
  cache.store(keys[i], answers, out);
  return out;
}

void LoweredUnits::lowerMissing() {
  build::JobOptions jobs;
  jobs.parallel = options.parallel();
  jobs.timeout = std::chrono::seconds(options.unitTimeout);
  jobs.progress = progressLine();
  auto done = build::runJobs(missing.size(), [&](size_t n) { return lowerOne(missing[n]); }, jobs);
  for (size_t n = 0; n != done.size(); ++n)
    results[missing[n]] = std::move(done[n]);
  if (!missing.empty() && cache.enabled())
    cache.trim(kMostCached);
}

LoweredUnits::LoweredUnits(const build::CompileDatabase &d, const LoweringOptions &o, Result &result)
    : database(d), options(o), cache(openCache(o, result)), keys(d.commands.size()),
      results(d.commands.size()) {
  if (!options.lowered.empty())
    llvm::sys::fs::create_directories(options.lowered);
  for (size_t i = 0; i != results.size(); ++i)
    if (!recallUnit(i))
      missing.push_back(i);
  lowerMissing();
  if (options.stats)
    llvm::errs() << "gordian: " << results.size() - missing.size() << " units from the cache, "
                 << missing.size() << " read\n";
  makeKey();
}

/// All that read() and the link see of the units. Those that are wanted as files are read in any case.
void LoweredUnits::makeKey() {
  if (!cache.enabled() || !options.lowered.empty())
    return;
  std::string text = "result\n" + options.maxFailedUnits + '\n';
  for (size_t i = 0; i != results.size(); ++i) {
    if (results[i].status != build::JobResult::Status::Done)
      return;
    const build::CompileCommand &command = database.commands[i];
    text += command.file + '\0' + command.target + '\0' + cache.keyOf(results[i].output) + '\n';
  }
  all = std::move(text);
}

std::optional<Result> LoweredUnits::recall(const std::string &question) {
  if (all.empty())
    return std::nullopt;
  std::optional<std::string> text = cache.find(cache.keyOf(all + question));
  if (!text)
    return std::nullopt;
  llvm::Expected<Result> known = report::parseResult(*text);
  if (!known) {
    llvm::consumeError(known.takeError());
    return std::nullopt;
  }
  if (options.stats)
    llvm::errs() << "gordian: the findings are known from an earlier run\n";
  return std::move(*known);
}

void LoweredUnits::remember(const std::string &question, const Result &found) const {
  if (all.empty())
    return;
  std::string text;
  llvm::raw_string_ostream out(text);
  report::writeJson(found, {}, out);
  // Bytes that are no text are not kept by JSON.
  if (!StringRef(out.str()).contains("\xef\xbf\xbd"))
    cache.store(cache.keyOf(all + question), {}, text);
}

std::vector<ir::Unit> LoweredUnits::read(Result &result) {
  Collector collector(database, options, result);
  for (size_t i = 0; i != results.size(); ++i) {
    collector.take(i, results[i]);
    results[i].output = std::string(); // read: give the memory back
  }
  return collector.finish();
}
