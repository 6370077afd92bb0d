// SPDX-License-Identifier: MIT
//
// gordian diff OLD NEW: what is new, fixed and unchanged, by fingerprint. Exit status 1 where something new
// is at or above --fail-on.
#include "cli/command.h"
#include "finding/baseline.h"
#include "finding/merge.h"
#include "finding/rules.h"
#include "report/paths.h"
#include "report/report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace gordian;
using namespace gordian::cli;

namespace {
struct DiffOptions {
  std::string before, after, failOn = "warning";
  bool all = false;
};
} // namespace

static void print(const char *what, const Finding &f, const std::string &folder) {
  llvm::outs() << what << report::relativeTo(f.location.file, folder);
  if (f.location.line)
    llvm::outs() << ':' << f.location.line << ':' << f.location.column;
  llvm::outs() << (f.location.file.empty() ? "" : ": ") << levelName(f.level) << ": " << f.message << " ["
               << f.rule << "]\n";
}

static int runDiff(const DiffOptions &options) {
  llvm::Expected<Result> before = report::readResult(options.before);
  if (!before)
    return fail(llvm::toString(before.takeError()));
  llvm::Expected<Result> after = report::readResult(options.after);
  if (!after)
    return fail(llvm::toString(after.takeError()));
  auto isSuppressed = [](const Finding &f) { return !f.suppressions.empty(); };
  mergeFindings(before->findings);
  mergeFindings(after->findings);
  llvm::erase_if(after->findings, isSuppressed);
  std::vector<Finding> fixed;
  BaselineCount count = compareWithBaseline(after->findings, before->findings, &fixed);

  std::string folder = report::currentFolder();
  Level limit = parseLevel(options.failOn).value_or(Level::Error);
  bool failed = false;
  for (const Finding &f : after->findings)
    if (f.baseline == BaselineState::New) {
      print("new:       ", f, folder);
      failed |= options.failOn != "never" && f.level >= limit;
    }
  for (const Finding &f : fixed)
    print("fixed:     ", f, folder);
  for (const Finding &f : after->findings)
    if (f.baseline != BaselineState::New && options.all)
      print("unchanged: ", f, folder);
  llvm::outs() << count.fresh << " new, " << count.absent << " fixed, " << count.unchanged << " unchanged\n";
  return failed ? kFindings : kClean;
}

Action cli::diffCommand(CLI::App &app, const Tail &) {
  auto options = std::make_shared<DiffOptions>();
  app.add_option("OLD", options->before, "earlier result (.sarif, .json)")->required();
  app.add_option("NEW", options->after, "later result")->required();
  app.add_flag("--all", options->all, "print the unchanged ones too");
  app.add_option("--fail-on", options->failOn, "lowest level of a new finding that makes the exit status 1")
      ->check(CLI::IsMember({"error", "warning", "note", "never"}));
  return [options] { return runDiff(*options); };
}
