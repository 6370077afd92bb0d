// SPDX-License-Identifier: MIT
//
// gordian completions SHELL: a completion script made from the commands and their options as CLI11 knows
// them, so that it can not fall behind. Values are completed where the set is known: formats, levels, rules.
#include "cli/command.h"
#include "finding/rules.h"
#include "report/report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace gordian;
using namespace gordian::cli;

namespace {
struct Word {
  std::string text, help;
};
} // namespace

static std::vector<std::string> ruleIds() {
  std::vector<std::string> ids;
  for (const Rule &r : rules())
    ids.push_back(r.id);
  return ids;
}

/// The values of an option or positional; empty: files.
static std::vector<std::string> valuesOf(const CLI::Option &o) {
  std::string name = o.get_single_name();
  if (name == "rule" || name == "RULE")
    return ruleIds();
  // Our validators and IsMember describe themselves by the list of what they take: "a|b|c", "{a,b,c}".
  std::string typeName = o.get_type_name();
  llvm::StringRef type = typeName;
  llvm::SmallVector<llvm::StringRef, 8> parts;
  type = type.take_while([](char c) { return c != ' '; });
  type.consume_front("TEXT:");
  bool braces = type.consume_front("{") && type.consume_back("}");
  type.split(parts, braces ? ',' : '|');
  if (parts.size() < 2)
    return {};
  return {parts.begin(), parts.end()};
}

static std::vector<const CLI::App *> commands() {
  return rootApp().get_subcommands([](const CLI::App *) { return true; });
}

static std::vector<std::string> optionNames(const CLI::Option &o) {
  std::vector<std::string> names;
  for (const std::string &n : o.get_lnames())
    names.push_back("--" + n);
  for (const std::string &n : o.get_snames())
    names.push_back("-" + n);
  return names;
}

static std::vector<std::string> allNames(const CLI::App &app) {
  std::vector<std::string> names;
  for (const CLI::Option *o : app.get_options())
    llvm::append_range(names, optionNames(*o));
  return names;
}

static bool takesValue(const CLI::Option &o) {
  return o.get_type_size() > 0;
}

static void printBash() {
  std::vector<std::string> names;
  for (const CLI::App *c : commands())
    names.push_back(c->get_name());
  llvm::outs() << "# bash completion for gordian\n_gordian() {\n  local cur=${COMP_WORDS[COMP_CWORD]} "
                  "prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n  COMPREPLY=()\n"
               << "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \""
               << llvm::join(names, " ") << " --help --version\" -- \"$cur\"))\n    return\n  fi\n"
               << "  case $command:$prev in\n";
  for (const CLI::App *c : commands())
    for (const CLI::Option *o : c->get_options())
      if (std::vector<std::string> values = valuesOf(*o); !values.empty() && takesValue(*o))
        for (const std::string &name : o->get_positional() ? std::vector{c->get_name()} : optionNames(*o))
          llvm::outs() << "  " << c->get_name() << ':' << name << ") COMPREPLY=($(compgen -W \""
                       << llvm::join(values, " ") << "\" -- \"$cur\")); return ;;\n";
  llvm::outs() << "  esac\n  case $command:$cur in\n";
  for (const CLI::App *c : commands())
    llvm::outs() << "  " << c->get_name() << ":-*) COMPREPLY=($(compgen -W \""
                 << llvm::join(allNames(*c), " ") << "\" -- \"$cur\")) ;;\n";
  llvm::outs() << "  *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n  esac\n}\n"
                  "complete -o filenames -F _gordian gordian\n";
}

/// For zsh's and fish's single-quoted strings.
static std::string quoted(std::string s, const char *quote) {
  for (size_t i = s.find('\''); i != std::string::npos; i = s.find('\'', i + 4))
    s.replace(i, 1, quote);
  return "'" + s + "'";
}

static std::string zshHelp(std::string s) {
  std::string out;
  for (char c : s) {
    if (llvm::StringRef("[]:\\").contains(c))
      out += '\\';
    out += c;
  }
  return out;
}

static void printZsh() {
  llvm::outs() << "#compdef gordian\n_gordian() {\n  local -a commands\n  commands=(\n";
  for (const CLI::App *c : commands())
    llvm::outs() << "    " << quoted(c->get_name() + ":" + zshHelp(c->get_description()), "'\\''") << '\n';
  llvm::outs() << "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
                  "  local command=$words[2]\n  shift words; (( CURRENT-- ))\n  case $command in\n";
  for (const CLI::App *c : commands()) {
    llvm::outs() << "  " << c->get_name() << ") _arguments \\\n";
    std::string rest = "_files";
    for (const CLI::Option *o : c->get_options()) {
      std::vector<std::string> values = valuesOf(*o);
      std::string action = values.empty() ? "_files" : "(" + llvm::join(values, " ") + ")";
      if (o->get_positional())
        rest = action;
      for (const std::string &name : optionNames(*o))
        llvm::outs() << "      "
                     << quoted("*" + name + "[" + zshHelp(o->get_description()) + "]" +
                                   (takesValue(*o) ? ":value:" + action : ""),
                               "'\\''")
                     << " \\\n";
    }
    llvm::outs() << "      " << quoted("*::input:" + rest, "'\\''") << " ;;\n";
  }
  llvm::outs() << "  esac\n}\nif [ \"$funcstack[1]\" = _gordian ]; then _gordian \"$@\"; else compdef "
                  "_gordian gordian; fi\n";
}

static void printFish() {
  llvm::outs() << "# fish completion for gordian\n";
  for (const CLI::App *c : commands())
    llvm::outs() << "complete -c gordian -n __fish_use_subcommand -a " << c->get_name() << " -d "
                 << quoted(c->get_description(), "\\'") << '\n';
  for (const CLI::App *c : commands())
    for (const CLI::Option *o : c->get_options()) {
      std::string values = llvm::join(valuesOf(*o), " ");
      std::string line = "complete -c gordian -n '__fish_seen_subcommand_from " + c->get_name() + "'";
      for (const std::string &n : o->get_lnames())
        line += " -l " + n;
      for (const std::string &n : o->get_snames())
        line += " -s " + n;
      if (takesValue(*o) && !o->get_positional())
        line += " -r";
      if (!values.empty())
        line += " -f -a " + quoted(values, "\\'");
      else if (o->get_positional())
        continue;
      llvm::outs() << line << " -d " << quoted(o->get_description(), "\\'") << '\n';
    }
}

Action cli::completionsCommand(CLI::App &app, const Tail &) {
  auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell, "the shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return [shell] {
    *shell == "bash" ? printBash() : *shell == "zsh" ? printZsh() : printFish();
    return kClean;
  };
}
