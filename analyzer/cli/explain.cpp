// SPDX-License-Identifier: MIT
//
// gordian explain RULE: the rule's page from docs/rules/.
#include "cli/command.h"
#include "finding/rules.h"
#include "report/embedded.h"

#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace gordian;
using namespace gordian::cli;

static int runExplain(const std::string &id) {
  const Rule *rule = findRule(id);
  if (!rule) {
    const Rule *near = nearestRule(id);
    return fail("no rule '" + id + "'" +
                (near ? llvm::Twine("; did you mean ") + near->id : llvm::Twine("")) +
                "; `gordian rules` lists them");
  }
  llvm::outs() << report::rulePage(id);
  return kClean;
}

Action cli::explainCommand(CLI::App &app, const Tail &) {
  auto id = std::make_shared<std::string>();
  app.add_option("RULE", *id, "id of a rule, as in a finding's [brackets]")->required();
  return [id] { return runExplain(*id); };
}
