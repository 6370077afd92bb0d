// SPDX-License-Identifier: MIT
//
// See trace_result.h.
#include "cli/trace_result.h"

#include "checks/checks.h"
#include "trace/replay.h"
#include "trace/tsan_log.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace gordian;
using namespace gordian::cli;

static std::vector<trace::TraceFile> openAll(const std::vector<std::string> &paths, Result &result) {
  std::vector<trace::TraceFile> files;
  for (const std::string &path : paths) {
    llvm::Expected<trace::TraceFile> file = trace::TraceFile::open(path);
    if (file) {
      files.push_back(std::move(*file));
      continue;
    }
    result.successful = false;
    result.notifications.push_back({Level::Error, llvm::toString(file.takeError()), {}});
  }
  return files;
}

static void addRaces(const std::vector<std::string> &logs, trace::Symbolizer &symbolizer,
                     facts::Facts &facts) {
  unsigned internal = 0, unreadable = 0;
  for (const std::string &path : logs) {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    if (!buffer) {
      facts.notifications.push_back(
          {Level::Warning, "cannot read " + path + ": " + buffer.getError().message(), {}});
      continue;
    }
    llvm::StringRef text = (*buffer)->getBuffer();
    trace::TsanLog log = trace::readTsanLog({text.data(), text.size()}, symbolizer);
    std::move(log.races.begin(), log.races.end(), std::back_inserter(facts.races));
    internal += log.internal;
    unreadable += log.unreadable;
  }
  if (internal)
    facts.notifications.push_back(
        {Level::Note, std::to_string(internal) + " data races inside libraries alone are not shown", {}});
  if (unreadable)
    facts.notifications.push_back(
        {Level::Warning,
         std::to_string(unreadable) + " reports of ThreadSanitizer lack a stack and are not shown",
         {}});
}

Result cli::resultOf(const TraceInputs &inputs, const OutputOptions &options) {
  Result result;
  trace::Symbolizer symbolizer;
  facts::Facts facts = trace::replay(openAll(inputs.traces, result), symbolizer, inputs.shared);
  addRaces(inputs.tsanLogs, symbolizer, facts);
  checks::CheckOptions how;
  how.notes = options.notes;
  checks::CheckResult found = checks::runAllChecks(facts, how);
  result.findings = std::move(found.findings);
  for (std::vector<Notification> *notes : {&facts.notifications, &found.notifications})
    std::move(notes->begin(), notes->end(), std::back_inserter(result.notifications));
  return result;
}
