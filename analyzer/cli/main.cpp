// SPDX-License-Identifier: MIT
//
// gordian: finds deadlocks, lock misuse and data races. The sub-commands are rows of commands.def.
#include "cli/command.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

#include <csignal>

using namespace gordian;
using namespace gordian::cli;
using llvm::StringRef;

namespace {
struct Command {
  const char *name, *tail, *help, *example;
  Action (*add)(CLI::App &, const Tail &);
};

struct Program {
  CLI::App app{"Finds deadlocks, lock misuse and data races in C and C++ programs.", "gordian"};
  std::vector<std::pair<CLI::App *, Action>> actions;
  Tail tail;
};
} // namespace

static constexpr Command kCommands[] = {
#define COMMAND(NAME, TAIL, HELP, EXAMPLE) {#NAME, TAIL, HELP, EXAMPLE, NAME##Command},
#include "cli/commands.def"
};

int cli::fail(const llvm::Twine &message) {
  llvm::errs() << "gordian: error: " << message << '\n';
  return kFailed;
}

static std::string &typedLine() {
  static std::string line;
  return line;
}

const std::string &cli::commandLine() {
  return typedLine();
}

static Program &program() {
  static Program p;
  return p;
}

const CLI::App &cli::rootApp() {
  return program().app;
}

static const Command *findCommand(StringRef name) {
  for (const Command &c : kCommands)
    if (name == c.name)
      return &c;
  return nullptr;
}

/// "gordian check [OPTIONS] ... -- CFLAGS", the options, the example.
static void addCommand(Program &p, const Command &c) {
  CLI::App *sub = p.app.add_subcommand(c.name, c.help);
  std::string tail = *c.tail ? std::string("Behind --: ") + c.tail + "\n" : "";
  sub->footer(tail + "Example: " + c.example);
  sub->get_formatter()->column_width(34);
  p.actions.emplace_back(sub, c.add(*sub, p.tail));
}

/// Splits off what stands behind "--" for the commands that take it.
static std::vector<std::string> splitTail(int argc, char **argv, Tail &tail) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const Command *command = nullptr;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!command && !StringRef(words[i]).starts_with("-"))
      command = findCommand(words[i]);
    if (words[i] != "--" || !command || !*command->tail)
      continue;
    tail.present = true;
    tail.words.assign(words.begin() + ptrdiff_t(i) + 1, words.end());
    words.resize(i);
  }
  return words;
}

/// The option or command that a misspelt word probably meant; "" where none is near.
static std::string nearest(const CLI::App &app, StringRef word) {
  std::string best;
  unsigned bestDistance = unsigned(word.size() / 3 + 1);
  auto consider = [&](const std::string &name) {
    unsigned distance = word.edit_distance(name, true, bestDistance);
    if (distance <= bestDistance && distance < word.size() && (best.empty() || distance < bestDistance)) {
      best = name;
      bestDistance = distance;
    }
  };
  for (const CLI::Option *o : app.get_options())
    for (const std::string &name : o->get_lnames())
      consider("--" + name);
  for (const CLI::App *sub : app.get_subcommands([](const CLI::App *) { return true; }))
    consider(sub->get_name());
  return best;
}

/// What CLI11 says of words that it does not know, with a suggestion.
static std::string unexpected(const CLI::App &app) {
  std::vector<std::string> words = app.remaining(/*recurse=*/true);
  if (words.empty())
    return "";
  StringRef word = StringRef(words.front()).split('=').first;
  const CLI::App *sub = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
  std::string meant = nearest(*sub, word);
  return "'" + word.str() + "' is not known here" + (meant.empty() ? "" : "; did you mean " + meant + "?");
}

/// One line for a mistake, and where to look; the text itself for --help and --version.
static int told(const Program &p, const CLI::ParseError &e) {
  if (e.get_exit_code() == int(CLI::ExitCodes::Success))
    return p.app.exit(e, std::cout, std::cerr);
  std::string where = "gordian";
  for (const CLI::App *sub : p.app.get_subcommands())
    where += " " + sub->get_name();
  std::string what = StringRef(e.what()).rtrim().str();
  if (e.get_exit_code() == int(CLI::ExitCodes::ExtrasError))
    if (std::string better = unexpected(p.app); !better.empty())
      what = better;
  return fail(what + " (" + where + " --help)");
}

int main(int argc, char **argv) {
  llvm::setBugReportMsg("gordian crashed, which it never should; please report it with the lines below.\n");
  llvm::InitLLVM init(argc, argv);
  for (int i = 0; i < argc; ++i) {
    llvm::raw_string_ostream os(typedLine());
    os << (i ? " " : "");
    llvm::sys::printArg(os, argv[i], /*Quote=*/false);
  }
  Program &p = program();
  std::vector<std::string> words = splitTail(argc, argv, p.tail);
  p.app.require_subcommand(0, 1);
  p.app.set_version_flag("--version", "gordian " GORDIAN_VERSION " (LLVM " LLVM_VERSION_STRING ")");
  p.app.failure_message(CLI::FailureMessage::simple);
  for (const Command &c : kCommands)
    addCommand(p, c);
  try {
    std::reverse(words.begin(), words.end()); // CLI11 takes them from the back
    p.app.parse(words);
  } catch (const CLI::ParseError &e) {
    return told(p, e);
  }
  for (const auto &[sub, action] : p.actions)
    if (sub->parsed())
      return action();
  std::cerr << p.app.help();
  return kFailed;
}
