// SPDX-License-Identifier: MIT
//
// gordian rules: the rule table.
#include "finding/rules.h"
#include "cli/command.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace gordian;
using namespace gordian::cli;

static void printJson() {
  llvm::json::OStream json(llvm::outs(), 1);
  json.array([&] {
    for (const Rule &r : rules())
      json.object([&] {
        json.attribute("id", r.id);
        json.attribute("level", levelName(r.level));
        json.attribute("cwe", r.cwe);
        json.attribute("static", r.isStatic);
        json.attribute("dynamic", r.isDynamic);
        json.attribute("title", r.title);
        json.attribute("what", r.what);
        json.attribute("fix", r.fix);
      });
  });
  llvm::outs() << '\n';
}

static void printTable() {
  for (const Rule &r : rules()) {
    const char *faces = r.isStatic && r.isDynamic ? "check, run" : r.isStatic ? "check" : "run";
    llvm::outs() << llvm::formatv("{0,-24} {1,-8} {2,-11} CWE-{3}  {4}\n", r.id, levelName(r.level), faces,
                                  r.cwe, r.title);
  }
}

Action cli::rulesCommand(CLI::App &app, const Tail &) {
  auto json = std::make_shared<bool>(false);
  app.add_flag("--json", *json, "the whole table as JSON");
  return [json] {
    *json ? printJson() : printTable();
    return kClean;
  };
}
