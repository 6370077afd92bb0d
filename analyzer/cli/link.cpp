// SPDX-License-Identifier: MIT
//
// gordian link FILE...: lowered programs -> findings.
#include "source/link/link.h"
#include "checks/checks.h"
#include "cli/command.h"
#include "cli/config.h"
#include "cli/output_options.h"
#include "report/paths.h"
#include "source/build/unit_jobs.h"
#include "source/ir/binary.h"

#include "llvm/Support/Error.h"

#include <CLI/CLI.hpp>

using namespace gordian;
using namespace gordian::cli;

namespace {
struct LinkCommand {
  std::vector<std::string> inputs;
  std::string config;
  unsigned jobs = build::defaultParallelism();
  OutputOptions output;
};
} // namespace

static int runLink(const LinkCommand &options) {
  llvm::Expected<Config> config = readConfig(options.config, report::currentFolder());
  if (!config)
    return fail(llvm::toString(config.takeError()));
  Result result;
  std::vector<ir::Unit> units;
  for (const std::string &input : options.inputs) {
    llvm::Expected<ir::Unit> unit = ir::readUnitFile(input);
    if (unit) {
      units.push_back(std::move(*unit));
      continue;
    }
    result.successful = false;
    result.notifications.push_back({Level::Error, llvm::toString(unit.takeError()), {}});
  }
  facts::Facts facts = link::linkUnits(std::move(units), {config->rows, options.jobs});
  checks::CheckOptions how;
  how.notes = options.output.notes;
  checks::CheckResult checked = checks::runAllChecks(facts, how);
  result.findings = std::move(checked.findings);
  for (auto *more : {&facts.notifications, &checked.notifications})
    result.notifications.insert(result.notifications.end(), more->begin(), more->end());
  OutputOptions output = options.output;
  config->addTo(output);
  return emit(std::move(result), output);
}

Action cli::linkCommand(CLI::App &app, const Tail &) {
  auto options = std::make_shared<LinkCommand>();
  app.add_option("FILE", options->inputs, "lowered programs, from gordian lower")->required();
  app.add_option("--config", options->config, "default: the nearest .gordian.yaml here or above")
      ->type_name("FILE");
  app.add_option("-j,--jobs", options->jobs, "functions at a time (default: one for each processor)")
      ->check(CLI::PositiveNumber);
  options->output.addTo(app);
  return [options] { return runLink(*options); };
}
