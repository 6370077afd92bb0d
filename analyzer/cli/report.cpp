// SPDX-License-Identifier: MIT
//
// gordian report INPUT...: several inputs, one report. An input is a trace, a log of ThreadSanitizer, a
// result (.sarif, .json), or a folder, which stands for all of these in it. Traces are replayed together: the
// processes of one run belong together, and those of several runs share nothing that could be mixed up.
#include "report/report.h"
#include "cli/command.h"
#include "cli/trace_result.h"
#include "trace/tsan_log.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <CLI/CLI.hpp>

using namespace gordian;
using namespace gordian::cli;
using llvm::StringRef;

namespace {
struct ReportOptions {
  std::vector<std::string> inputs;
  OutputOptions output;
};

enum class InputKind { Trace, TsanLog, Result };

struct Inputs {
  TraceInputs traces;
  std::vector<std::string> results;
};
} // namespace

/// Puts `from` behind `into`; a merged result is as successful as its parts.
static void append(Result &into, Result from) {
  into.successful = into.successful && from.successful;
  if (into.workingDirectory.empty())
    into.workingDirectory = from.workingDirectory;
  if (into.findings.empty() && into.notifications.empty())
    into.commandLine = from.commandLine;
  std::move(from.findings.begin(), from.findings.end(), std::back_inserter(into.findings));
  std::move(from.notifications.begin(), from.notifications.end(), std::back_inserter(into.notifications));
}

static void failed(Result &result, std::string why) {
  result.successful = false;
  result.notifications.push_back({Level::Error, std::move(why), {}});
}

/// By what a file holds; what is neither trace nor log is left to the reader of results, whose error is the
/// clearest.
static InputKind kindOf(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFileSlice(path, /*MapSize=*/4096, /*Offset=*/0);
  StringRef bytes = buffer ? (*buffer)->getBuffer() : StringRef();
  if (trace::isTrace({bytes.data(), bytes.size()}))
    return InputKind::Trace;
  return trace::looksLikeTsanLog({bytes.data(), bytes.size()}) ? InputKind::TsanLog : InputKind::Result;
}

static void addFile(const std::string &path, Inputs &inputs) {
  switch (StringRef(path).ends_with(".trace") ? InputKind::Trace : kindOf(path)) {
  case InputKind::Trace:
    inputs.traces.traces.push_back(path);
    break;
  case InputKind::TsanLog:
    inputs.traces.tsanLogs.push_back(path);
    break;
  case InputKind::Result:
    inputs.results.push_back(path);
    break;
  }
}

/// Everything in a folder that is an input; other files in it are none of our business.
static void addFolder(const std::string &folder, Inputs &inputs, Result &result) {
  std::vector<std::string> files;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(folder, error), end; it != end && !error; it.increment(error))
    if (llvm::sys::fs::is_regular_file(it->path()))
      files.push_back(it->path());
  if (error)
    return failed(result, "cannot read folder " + folder + ": " + error.message());
  llvm::sort(files);
  size_t found = 0;
  for (const std::string &file : files) {
    StringRef extension = llvm::sys::path::extension(file);
    if (extension != ".sarif" && extension != ".json" && kindOf(file) == InputKind::Result)
      continue;
    addFile(file, inputs);
    ++found;
  }
  if (found == 0)
    failed(result, "no trace and no result in folder " + folder);
}

static int runReport(const ReportOptions &options) {
  Result all;
  Inputs inputs;
  for (const std::string &input : options.inputs)
    if (llvm::sys::fs::is_directory(input))
      addFolder(input, inputs, all);
    else
      addFile(input, inputs);
  if (!inputs.traces.traces.empty() || !inputs.traces.tsanLogs.empty())
    append(all, resultOf(inputs.traces, options.output));
  for (const std::string &path : inputs.results) {
    llvm::Expected<Result> result = report::readResult(path);
    if (result)
      append(all, std::move(*result));
    else
      failed(all, llvm::toString(result.takeError()));
  }
  return emit(std::move(all), options.output);
}

Action cli::reportCommand(CLI::App &app, const Tail &) {
  auto options = std::make_shared<ReportOptions>();
  app.add_option("INPUT", options->inputs, "traces (.trace), results (.sarif, .json), folders of these")
      ->required();
  options->output.addTo(app);
  return [options] { return runReport(*options); };
}
