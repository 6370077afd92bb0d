// SPDX-License-Identifier: MIT
//
// gordian check [-p BUILD_DIR] [SOURCE...] [-- CFLAGS...]
//
//   1. the compile commands: -p, or CFLAGS, or the nearest compile_commands.json above; .gordian.yaml
//   2. every unit is lowered, in parallel
//   3. link: units -> facts
//   4. checks: facts -> findings
//   5. the report
#include "checks/checks.h"
#include "cli/command.h"
#include "cli/config.h"
#include "cli/lowered_units.h"
#include "cli/output_options.h"
#include "source/link/link.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace gordian;
using namespace gordian::cli;

namespace {
struct CheckOptions {
  std::string buildFolder, config;
  std::vector<std::string> sources;
  LoweringOptions lowering;
  OutputOptions output;
};
} // namespace

static std::string currentFolder() {
  llvm::SmallString<256> folder;
  llvm::sys::fs::current_path(folder);
  return std::string(folder);
}

static llvm::Expected<build::CompileDatabase> commandsOf(const CheckOptions &options, const Tail &tail) {
  if (tail.present) {
    if (!options.buildFolder.empty())
      return llvm::createStringError("give either -p BUILD_DIR or -- CFLAGS, not both");
    if (options.sources.empty())
      return llvm::createStringError("-- CFLAGS needs the sources that they are for");
    return build::commandsFor(options.sources, tail.words);
  }
  std::string where = options.buildFolder;
  if (where.empty()) {
    std::optional<std::string> found = build::findCompileDatabase(currentFolder());
    if (!found)
      return llvm::createStringError(
          "there is no compile_commands.json here or above: give -p BUILD_DIR, or the "
          "sources and -- CFLAGS (cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON or bear -- make makes one)");
    where = *found;
    llvm::errs() << "gordian: using " << where << '\n';
  }
  llvm::Expected<build::CompileDatabase> database = build::readCompileDatabase(where);
  if (!database)
    return database.takeError();
  if (llvm::Error error = build::selectSources(*database, options.sources))
    return error;
  if (database->commands.empty())
    return llvm::createStringError(database->path + " lists no C or C++ file");
  return database;
}

/// What was left out of the commands is told, in one line each.
static void tellOmissions(const build::CompileDatabase &database, Result &result) {
  if (!database.dropped.empty()) {
    std::string flags;
    unsigned total = 0;
    for (const auto &[flag, count] : database.dropped) {
      flags += (flags.empty() ? "" : ", ") + flag;
      total += count;
    }
    result.notifications.push_back(
        {Level::Note,
         "flags that only the GNU compiler knows were left out (" + std::to_string(total) + "): " + flags,
         {}});
  }
  if (database.otherLanguages)
    result.notifications.push_back(
        {Level::Note,
         std::to_string(database.otherLanguages) + " compile commands are for other languages than C and C++",
         {}});
}

/// Steps 2 to 4; where no unit has changed since an earlier run was asked the same, what that one has found.
static Result findingsOf(const build::CompileDatabase &database, const Config &config,
                         const CheckOptions &options, Result &soFar) {
  LoweredUnits units(database, options.lowering, soFar);
  checks::CheckOptions how;
  how.notes = options.output.notes;
  std::string question = (how.notes ? "notes\n" : "\n") + config.text;
  if (std::optional<Result> known = units.recall(question))
    return std::move(*known);
  Result result;
  facts::Facts facts = link::linkUnits(units.read(result), {config.rows, options.lowering.parallel()});
  checks::CheckResult checked = checks::runAllChecks(facts, how);
  result.findings = std::move(checked.findings);
  for (std::vector<Notification> *notes : {&facts.notifications, &checked.notifications})
    std::move(notes->begin(), notes->end(), std::back_inserter(result.notifications));
  units.remember(question, result);
  return result;
}

static int runCheck(const CheckOptions &options, const Tail &tail) {
  llvm::Expected<build::CompileDatabase> database = commandsOf(options, tail);
  if (!database)
    return fail(llvm::toString(database.takeError()));
  llvm::Expected<Config> config = readConfig(options.config, database->root);
  if (!config)
    return fail(llvm::toString(config.takeError()));
  Result result;
  result.commandLine = commandLine();
  result.workingDirectory = currentFolder();
  tellOmissions(*database, result);
  Result found = findingsOf(*database, *config, options, result);
  result.successful = result.successful && found.successful;
  result.findings = std::move(found.findings);
  std::move(found.notifications.begin(), found.notifications.end(), std::back_inserter(result.notifications));
  OutputOptions output = options.output;
  config->addTo(output);
  output.projectFolder = build::commonFolder(database->commands);
  return emit(std::move(result), output);
}

Action cli::checkCommand(CLI::App &app, const Tail &tail) {
  auto options = std::make_shared<CheckOptions>();
  app.add_option("-p", options->buildFolder, "folder of compile_commands.json")->type_name("BUILD_DIR");
  app.add_option("SOURCE", options->sources, "files or folders to check (default: all that are compiled)");
  app.add_option("--config", options->config, "default: the nearest .gordian.yaml at or above the sources")
      ->type_name("FILE");
  options->lowering.addTo(app);
  options->output.addTo(app);
  return [options, &tail] { return runCheck(*options, tail); };
}
