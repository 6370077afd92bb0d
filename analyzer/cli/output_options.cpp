// SPDX-License-Identifier: MIT
//
// The shared options, each checked when it is parsed: what is wrong with them is told before any work begins.
#include "cli/output_options.h"

#include "cli/selection.h"
#include "finding/glob.h"
#include "finding/suppressions.h"
#include "report/report.h"

#include "llvm/ADT/StringExtras.h"

#include <CLI/CLI.hpp>

using namespace gordian;
using namespace gordian::cli;

/// CLI11's validators answer with an error text, empty for fine.
static std::string textOf(llvm::Error e) {
  return e ? llvm::toString(std::move(e)) : "";
}

static std::string checkRule(const std::string &value) {
  llvm::Expected<Selection> s = Selection::parse({value});
  return s ? "" : llvm::toString(s.takeError());
}

static std::string checkGlob(const std::string &value) {
  return textOf(Glob::createForPath(value).takeError());
}

static std::string checkSuppressions(const std::string &file) {
  return textOf(readSuppressions(file).takeError());
}

static std::string checkBaseline(const std::string &file) {
  return textOf(report::readResult(file).takeError());
}

static std::vector<std::string> formatNames() {
  std::vector<std::string> names;
  for (const report::Format &f : report::formats())
    names.push_back(f.name);
  return names;
}

/// One of `names`; the error and the help list them.
static CLI::Validator oneOf(std::vector<std::string> names) {
  std::string list = llvm::join(names, "|");
  return CLI::Validator(
      [=](std::string &value) {
        return llvm::is_contained(names, value) ? "" : "'" + value + "' is not one of " + list;
      },
      list);
}

bool OutputOptions::wants(const std::string &rule) const {
  llvm::Expected<Selection> s = Selection::parse(rules);
  if (s)
    return s->wants(rule);
  llvm::consumeError(s.takeError());
  return true;
}

void OutputOptions::addTo(CLI::App &app) {
  const char *group = "Output";
  auto list = [&](const char *name, std::vector<std::string> &to, const char *help) {
    return app.add_option(name, to, help)->group(group)->allow_extra_args(false);
  };
  list("--format", formats, "repeatable; default: by the extension of -o, else text")
      ->check(oneOf(formatNames()));
  list("-o,--output", outputs, "file to write; with several formats a folder, or once for each format")
      ->type_name("FILE");
  app.add_option("--baseline", baseline, "earlier result (sarif or json): what it knows is not new")
      ->group(group)
      ->type_name("FILE")
      ->check(checkBaseline);
  list("--suppressions", suppressions,
       "file of accepted findings, one a line: RULE [lock=|function=|path=GLOB] # why")
      ->type_name("FILE")
      ->check(checkSuppressions);
  list("--rule", rules, "only this rule; or with =off|note|warning|error: its level")
      ->type_name("ID[=LEVEL]")
      ->check(checkRule);
  list("--exclude", excludes, "leave out findings that lie in these paths altogether")
      ->type_name("GLOB")
      ->check(checkGlob);
  app.add_flag("--no-default-excludes", noDefaultExcludes, "report system and vendored code too")
      ->group(group);
  app.add_option("--fail-on", failOn, "lowest level that makes the exit status 1 (default warning)")
      ->group(group)
      ->check(oneOf({"error", "warning", "note", "never"}));
  app.add_flag("--notes", notes, "report hints as well: level note")->group(group);
  app.add_flag("--explain-ranking", explainRanking, "print the factors that order the findings")
      ->group(group);
  app.add_option("--color", colour, "default auto: on a terminal, without NO_COLOR")
      ->group(group)
      ->check(oneOf({"auto", "always", "never"}));
}
