// SPDX-License-Identifier: MIT
//
// gordian lower UNIT -o FILE: one unit's lowered program, compact or as text.
#include "source/lower/lower.h"
#include "cli/command.h"
#include "cli/output_file.h"
#include "source/build/compile_database.h"
#include "source/ir/binary.h"
#include "source/ir/text.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

using namespace gordian;
using namespace gordian::cli;

namespace {
struct LowerOptions {
  std::string unit, output, buildFolder;
  bool text = false, unhandled = false;
};
} // namespace

/// From -p, from behind "--", from the nearest compile_commands.json that has the unit, else without flags.
static llvm::Expected<build::CompileDatabase> commandFor(const LowerOptions &options, const Tail &tail) {
  std::vector<std::string> sources = {options.unit};
  if (tail.present)
    return build::commandsFor(sources, tail.words);
  llvm::SmallString<256> folder;
  llvm::sys::fs::current_path(folder);
  std::optional<std::string> found = options.buildFolder;
  if (options.buildFolder.empty())
    found = build::findCompileDatabase(std::string(folder));
  if (!found)
    return build::commandsFor(sources, {});
  llvm::Expected<build::CompileDatabase> database = build::readCompileDatabase(*found);
  if (!database)
    return database.takeError();
  if (llvm::Error error = build::selectSources(*database, sources)) {
    if (!options.buildFolder.empty())
      return error;
    llvm::consumeError(std::move(error));
    return build::commandsFor(sources, {});
  }
  return database;
}

static llvm::Error write(const LowerOptions &options, const ir::Unit &unit) {
  auto content = [&](llvm::raw_ostream &out) {
    out << (options.text ? ir::writeText(unit) : ir::writeBinary(unit));
  };
  if (options.output.empty() || options.output == "-")
    return writeStream(STDOUT_FILENO, "standard output", content);
  return writeFile(options.output, content);
}

static int runLower(const LowerOptions &options, const Tail &tail) {
  if (options.output.empty() && !options.text)
    return fail("the compact form is no text: give -o FILE, or --text");
  llvm::Expected<build::CompileDatabase> database = commandFor(options, tail);
  if (!database)
    return fail(llvm::toString(database.takeError()));
  const build::CompileCommand &command = database->commands.front();
  lower::Options how;
  how.root = database->root;
  lower::Unhandled unhandled;
  ir::Unit unit = lower::lowerUnit(command, how, &unhandled);
  unit.target = command.target;
  if (llvm::Error error = write(options, unit))
    return fail(llvm::toString(std::move(error)));
  for (const auto &[construct, count] : unhandled)
    if (options.unhandled)
      llvm::errs() << "unhandled: " << construct << ' ' << count << '\n';
  if (unit.errors.empty())
    return kClean;
  const ir::UnitError &first = unit.errors.front();
  std::string place = first.loc.file == ir::kNone
                          ? options.unit
                          : unit.files[first.loc.file].path + ":" + std::to_string(first.loc.line);
  return fail(place + ": " + first.message);
}

Action cli::lowerCommand(CLI::App &app, const Tail &tail) {
  auto options = std::make_shared<LowerOptions>();
  app.add_option("UNIT", options->unit, "source file")->required();
  app.add_option("-o,--output", options->output, "where the lowered program goes");
  app.add_flag("--text", options->text, "readable form (to standard output without -o)");
  app.add_option("-p", options->buildFolder, "folder of compile_commands.json")->type_name("BUILD_DIR");
  app.add_flag("--unhandled", options->unhandled, "count the constructs that became unknown values")
      ->group("");
  return [options, &tail] { return runLower(*options, tail); };
}
