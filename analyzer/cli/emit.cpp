// SPDX-License-Identifier: MIT
//
// From a front end's result to the files on disk and the exit status:
//
//   1. select: rules that are off, levels, hints
//   2. merge duplicates, one defect one finding
//   3. exclude by path; suppress by file and by comment; compare with the baseline
//   4. write every format; a failed one does not keep the others from being written
//   5. the exit status
#include "cli/command.h"
#include "cli/output_file.h"
#include "cli/output_options.h"
#include "cli/selection.h"
#include "finding/baseline.h"
#include "finding/exclusion.h"
#include "finding/merge.h"
#include "finding/rules.h"
#include "finding/suppressions.h"
#include "report/paths.h"
#include "report/report.h"
#include "report/sources.h"
#include "report/words.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <unistd.h>

using namespace gordian;
using namespace gordian::cli;
using llvm::StringRef;
using report::counted;
using report::Format;

// 1 to 3: which findings ------------------------------------------------------------------------------------

static void select(Result &result, const OutputOptions &options, const Selection &selection) {
  for (Finding &f : result.findings)
    f.hint = f.hint || f.level == Level::Note; // as the check made it, before --rule changes levels
  selection.apply(result.findings);
  if (!options.notes)
    llvm::erase_if(result.findings, [](const Finding &f) { return f.hint; });
}

static llvm::Error exclude(Result &result, const OutputOptions &options) {
  Exclusion exclusion;
  for (const std::string &pattern : options.excludes) {
    llvm::Expected<Glob> glob = Glob::createForPath(pattern);
    if (!glob)
      return glob.takeError();
    exclusion.globs.push_back(std::move(*glob));
  }
  exclusion.defaults = !options.noDefaultExcludes;
  exclusion.projectFolder = options.projectFolder.empty() ? result.workingDirectory : options.projectFolder;
  ExclusionCount count = excludeFindings(result.findings, exclusion);
  auto tell = [&](unsigned n, const char *where, const char *option) {
    if (n)
      result.notifications.push_back(
          {Level::Note, counted(n, "finding") + " in " + where + " not shown (" + option + ")", {}});
  };
  tell(count.byGlob, "excluded paths", "--exclude");
  tell(count.system, "system code", "--no-default-excludes shows them");
  tell(count.vendored, "vendored code", "--no-default-excludes shows them");
  return llvm::Error::success();
}

static llvm::Error suppressAll(Result &result, const OutputOptions &options, report::Sources &sources) {
  suppressInSource(result.findings,
                   [&](const std::string &file, unsigned line) { return sources.line(file, line); });
  for (const std::string &file : options.suppressions) {
    llvm::Expected<std::vector<SuppressionRule>> rules = readSuppressions(file);
    if (!rules)
      return rules.takeError();
    suppress(result.findings, *rules);
    for (const SuppressionRule &r : *rules)
      if (r.used == 0)
        result.notifications.push_back(
            {Level::Note, "this suppression matches no finding: " + r.text, {r.file, r.line, 0}});
  }
  return llvm::Error::success();
}

static llvm::Error compare(Result &result, const OutputOptions &options) {
  if (options.baseline.empty())
    return llvm::Error::success();
  llvm::Expected<Result> old = report::readResult(options.baseline);
  if (!old)
    return old.takeError();
  BaselineCount count = compareWithBaseline(result.findings, old->findings);
  if (count.absent)
    result.notifications.push_back(
        {Level::Note, counted(count.absent, "finding") + " of the baseline gone", {}});
  return llvm::Error::success();
}

static llvm::Error prepare(Result &result, const OutputOptions &options, report::Sources &sources) {
  llvm::Expected<Selection> selection = Selection::parse(options.rules);
  if (!selection)
    return selection.takeError();
  select(result, options, *selection);
  mergeFindings(result.findings);
  if (llvm::Error e = exclude(result, options))
    return e;
  if (llvm::Error e = suppressAll(result, options, sources))
    return e;
  return compare(result, options);
}

// 4: where to -----------------------------------------------------------------------------------------------

namespace {
struct Output {
  const Format *format;
  std::string path; // "-": the console
};
} // namespace

static std::string fileIn(StringRef folder, const Format &format) {
  llvm::SmallString<256> path = folder;
  llvm::sys::path::append(path, StringRef("gordian.") + format.extension);
  return path.str().str();
}

static llvm::Expected<std::vector<Output>> planOutputs(const OutputOptions &options) {
  std::vector<Output> plan;
  const std::vector<std::string> &files = options.outputs;
  std::vector<const Format *> formats;
  for (const std::string &name : options.formats)
    if (const Format *f = report::findFormat(name); f && !llvm::is_contained(formats, f))
      formats.push_back(f);
  if (formats.empty())
    for (const std::string &file : files.empty() ? std::vector<std::string>{"-"} : files) {
      const Format *implied = report::formatOfFile(file);
      plan.push_back({implied ? implied : report::findFormat("text"), file});
    }
  else if (files.empty() && formats.size() == 1)
    plan.push_back({formats[0], "-"});
  else if (files.size() == formats.size())
    for (size_t i = 0; i < files.size(); ++i)
      plan.push_back(
          {formats[i], llvm::sys::fs::is_directory(files[i]) ? fileIn(files[i], *formats[i]) : files[i]});
  else if (files.size() == 1)
    for (const Format *f : formats)
      plan.push_back({f, fileIn(files[0], *f)});
  else
    return llvm::createStringError(
        "%zu formats and %zu outputs: give -o once with a folder, or once for each format", formats.size(),
        files.size());
  bool intoFolder = files.size() == 1 && formats.size() > 1;
  if (intoFolder)
    if (std::error_code why = llvm::sys::fs::create_directories(files[0]))
      return llvm::createStringError("cannot create folder " + files[0] + ": " + why.message());
  return plan;
}

static bool wantsColour(const OutputOptions &options, int fd) {
  if (options.colour != "auto")
    return options.colour == "always";
  const char *noColour = std::getenv("NO_COLOR"), *term = std::getenv("TERM");
  bool dumb = term && StringRef(term) == "dumb";
  return ::isatty(fd) && !(noColour && *noColour) && !dumb;
}

static llvm::Error write(const Result &result, const OutputOptions &options, const Output &output,
                         report::Sources &sources) {
  bool console = output.path == "-";
  int fd = options.consoleIsStderr ? STDERR_FILENO : STDOUT_FILENO;
  report::Options how;
  how.sources = &sources;
  how.explainRanking = options.explainRanking;
  how.problemsElsewhere = console;
  how.colour = console && wantsColour(options, fd);
  auto body = [&](llvm::raw_ostream &os) { output.format->write(result, how, os); };
  return console ? writeStream(fd, "to the console", body) : writeFile(output.path, body);
}

// 5: the exit status ----------------------------------------------------------------------------------------

static bool counts(const Finding &f, const OutputOptions &options) {
  bool known = f.baseline == BaselineState::Unchanged || f.baseline == BaselineState::Updated;
  if (!f.suppressions.empty() || known || options.failOn == "never")
    return false;
  return f.level >= parseLevel(options.failOn).value_or(Level::Warning);
}

/// What went wrong on the way, and where the results are.
static void tellOnStderr(const Result &result, const std::vector<Output> &written) {
  for (const Notification &n : result.notifications)
    if (n.level >= Level::Warning) {
      std::string place = report::relativeTo(n.location.file, report::currentFolder()).str();
      if (n.location.line)
        place += ":" + std::to_string(n.location.line);
      llvm::errs() << (place.empty() ? "gordian" : place) << ": " << levelName(n.level) << ": " << n.message
                   << '\n';
    }
  size_t shown = llvm::count_if(result.findings, [](const Finding &f) {
    return f.suppressions.empty() && (f.baseline == BaselineState::None || f.baseline == BaselineState::New);
  });
  for (const Output &o : written)
    if (o.path != "-")
      llvm::errs() << "gordian: " << counted(shown, "finding") << " in " << o.path << '\n';
}

int cli::emit(Result result, const OutputOptions &options, bool *found) {
  if (result.workingDirectory.empty())
    result.workingDirectory = report::currentFolder();
  if (result.commandLine.empty())
    result.commandLine = commandLine();
  report::Sources sources;
  if (llvm::Error e = prepare(result, options, sources))
    return fail(llvm::toString(std::move(e)));
  llvm::Expected<std::vector<Output>> plan = planOutputs(options);
  if (!plan)
    return fail(llvm::toString(plan.takeError()));

  int status = result.successful ? kClean : kFailed;
  std::vector<Output> written;
  for (const Output &output : *plan)
    if (llvm::Error e = write(result, options, output, sources)) {
      status = fail(llvm::toString(std::move(e)));
    } else {
      written.push_back(output);
    }
  tellOnStderr(result, written);
  bool any = llvm::any_of(result.findings, [&](const Finding &f) { return counts(f, options); });
  if (found)
    *found = any;
  return status == kClean && any ? kFindings : status;
}
