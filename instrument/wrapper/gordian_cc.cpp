// SPDX-License-Identifier: MIT
//
// gordian-cc and gordian-c++: compilers that watch for data races. They run Clang with the user's own command
// line, preceded by -g -fsanitize=thread (so that the user's -g1 or -fno-sanitize=thread wins), and link what
// Gordian adds to ThreadSanitizer (tsan/, predict/). Everything else is the compiler's: output, dependencies,
// diagnostics, exit status.
//
// Left alone: questions (--version, -print-...), and code that has no C library below it (-ffreestanding).
#include "wrapper/arguments.h"
#include "wrapper/compiler.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <unistd.h>

using namespace gordian::wrapper;

namespace {

#ifdef GORDIAN_WRAPS_CXX
constexpr Language kLanguage = Language::Cxx;
constexpr const char *kName = "gordian-c++";
#else
constexpr Language kLanguage = Language::C;
constexpr const char *kName = "gordian-cc";
#endif

constexpr const char *kHelp = R"(%s: compiles as Clang does, for finding data races with `gordian run`.

usage: %s ANY CLANG OPTIONS
  CC=gordian-cc CXX=gordian-c++ ./configure && make
  cmake -DCMAKE_C_COMPILER=gordian-cc -DCMAKE_CXX_COMPILER=gordian-c++ ...

Options of its own:
  --gordian-help      this text
  --gordian-command   print the command that would be run, do not run it

Environment:
  GORDIAN_CC, GORDIAN_CXX   the compiler to use instead of Clang 19
  GORDIAN_PREDICT=0         ThreadSanitizer alone, without the prediction of races
)";

using Words = std::vector<std::string>;

void append(Words &words, std::initializer_list<std::string> more) {
  words.insert(words.end(), more);
}

/// What is added to a command line.
struct Additions {
  std::string glue;      // the folder
  bool predicts = false; // the pass and the predictor of races take part
};

bool findAdditions(const Compiler &compiler, Additions &additions) {
  additions.glue = findGlue();
  if (additions.glue.empty()) {
    fprintf(stderr,
            "%s: libgordian-tsan.a is not where it was installed (../lib/gordian): install Gordian again\n",
            kName);
    return false;
  }
  const char *wanted = getenv("GORDIAN_PREDICT");
  additions.predicts = compiler.loadsPass && !(wanted && strcmp(wanted, "0") == 0) &&
                       access((additions.glue + "/gordian-pass.so").c_str(), R_OK) == 0;
  return true;
}

void addInstrumentation(const Request &request, const Compiler &compiler, const Additions &additions,
                        Words &command) {
  if (!compiler.clang)
    return append(command, {"-g", "-fsanitize=thread", "-Wno-tsan"});
  // Not every step uses them (an assembler file, a dependency list): no warning for those.
  append(command, {"--start-no-unused-arguments", "-g", "-fsanitize=thread"});
  if (additions.predicts)
    command.push_back("-fpass-plugin=" + additions.glue + "/gordian-pass.so");
  if (request.relocatable) // the runtime comes with the program, not with a part of it
    command.push_back("-fno-sanitize-link-runtime");
  command.push_back("--end-no-unused-arguments");
}

/// Does the program tell ThreadSanitizer its own defaults? Then ours stay out: two definitions do not link.
bool hasOwnDefaults(const Request &request) {
  constexpr std::string_view kNames[] = {"__tsan_default_options", "__tsan_default_suppressions"};
  for (const std::string &input : request.inputs) {
    std::ifstream file(input, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    for (std::string_view name : kNames)
      if (bytes.find(name) != std::string::npos)
        return true;
  }
  return false;
}

/// In -Wl form throughout: after the user's -x, a plain file name would be taken for a source.
void addGlue(const Request &request, const Compiler &compiler, const Additions &additions, Words &command) {
  const std::string &glue = additions.glue;
  if (additions.predicts)
    command.push_back("-Wl,@" + glue + "/wrapped.options");
  if (request.shared) {
    // What instrumented code calls is in the program, not in any library; `-z defs` would refuse that.
    if (compiler.clang)
      command.push_back("-Wl,-z,undefs");
    return;
  }
  std::string archives = glue + "/libgordian-tsan.a";
  if (!hasOwnDefaults(request))
    archives += "," + glue + "/libgordian-tsan-defaults.a";
  if (additions.predicts) {
    archives += "," + glue + "/libgordian-predict.a";
    command.push_back("-Wl,--dynamic-list=" + glue + "/exported.list");
  }
  // The whole of them: ThreadSanitizer's weak definitions would satisfy every reference.
  command.push_back("-Wl,--whole-archive," + archives + ",--no-whole-archive");
}

int run(const Words &command) {
  std::vector<char *> argv;
  for (const std::string &word : command)
    argv.push_back(const_cast<char *>(word.c_str()));
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  fprintf(stderr, "%s: cannot run %s: %s\n", kName, argv[0], strerror(errno));
  return 1;
}

int print(const Words &command) {
  for (size_t i = 0; i < command.size(); i++)
    printf("%s%s", i ? " " : "", command[i].c_str());
  puts("");
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  Words words;
  bool onlyPrint = false;
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], "--gordian-help") == 0)
      return printf(kHelp, kName, kName), 0;
    else if (strcmp(argv[i], "--gordian-command") == 0)
      onlyPrint = true;
    else
      words.push_back(argv[i]);

  std::string why;
  const Compiler compiler = findCompiler(kLanguage, why);
  if (compiler.path.empty()) {
    fprintf(stderr, "%s: %s\n", kName, why.c_str());
    return 1;
  }
  const Request request = understand(words);
  if (request.links && request.statically) {
    fprintf(stderr, "%s: ThreadSanitizer cannot be linked statically: leave out -static\n", kName);
    return 1;
  }
  Words command{compiler.path};
  const bool instrument = request.compiles && !request.freestanding;
  Additions additions;
  if (instrument) {
    if (!findAdditions(compiler, additions))
      return 1;
    addInstrumentation(request, compiler, additions, command);
  }
  command.insert(command.end(), words.begin(), words.end());
  if (instrument && request.links && !request.relocatable && (request.shared || !request.bare))
    addGlue(request, compiler, additions, command);
  return onlyPrint ? print(command) : run(command);
}
