// SPDX-License-Identifier: MIT
#include "source/build/compile_flags.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

using llvm::StringRef;

namespace gordian::build {

std::vector<std::string> splitCommand(StringRef command) {
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  llvm::SmallVector<const char *, 64> words;
  llvm::cl::TokenizeGNUCommandLine(command, saver, words);
  return {words.begin(), words.end()};
}

std::vector<std::string> expandResponseFiles(std::vector<std::string> arguments, StringRef directory) {
  std::vector<std::string> out;
  unsigned opened = 0;
  constexpr unsigned mostFiles = 64; // a file that names itself
  for (size_t i = 0; i < arguments.size(); ++i) {
    StringRef word = arguments[i];
    if (i == 0 || !word.consume_front("@") || opened == mostFiles) {
      out.push_back(arguments[i]);
      continue;
    }
    llvm::SmallString<256> path(word);
    llvm::sys::fs::make_absolute(directory, path);
    auto content = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
    if (!content) {
      out.push_back(arguments[i]);
      continue;
    }
    ++opened;
    std::vector<std::string> words = splitCommand((*content)->getBuffer());
    arguments.insert(arguments.begin() + long(i) + 1, words.begin(), words.end());
  }
  return out;
}

static bool isLauncher(StringRef word) {
  static constexpr StringRef names[] = {
#define LAUNCHER(NAME) NAME,
#include "source/build/compiler_launchers.def"
  };
  StringRef name = llvm::sys::path::filename(word);
  name.consume_back(".sh");
  return llvm::is_contained(names, name);
}

std::vector<std::string> stripLaunchers(std::vector<std::string> arguments) {
  size_t first = 0;
  bool launched = false;
  while (first + 1 < arguments.size()) {
    StringRef word = arguments[first];
    bool ofLauncher = launched && (word.starts_with("-") || (word.contains('=') && !word.contains('/')));
    if (!ofLauncher && !isLauncher(word))
      break;
    launched = true;
    ++first;
  }
  arguments.erase(arguments.begin(), arguments.begin() + long(first));
  return arguments;
}

namespace {
enum class Match { Exact, Prefix };
struct DroppedFlag {
  StringRef flag;
  unsigned operands;
  Match match;
  bool gccOnly;
};
} // namespace

static const DroppedFlag *findDropped(StringRef word) {
  static constexpr DroppedFlag flags[] = {
#define DROP(FLAG, OPERANDS, MATCH, GCC_ONLY) {FLAG, OPERANDS, Match::MATCH, GCC_ONLY},
#include "source/build/dropped_flags.def"
  };
  for (const DroppedFlag &flag : flags)
    if (flag.match == Match::Exact ? word == flag.flag : word.starts_with(flag.flag))
      return &flag;
  return nullptr;
}

/// "aarch64-linux-gnu" of "/usr/bin/aarch64-linux-gnu-g++-12"; "" for a compiler without prefix.
static StringRef crossTarget(StringRef compiler) {
  StringRef name = llvm::sys::path::filename(compiler);
  for (StringRef kind : {"-g++", "-gcc", "-c++", "-cc", "-clang++", "-clang"}) {
    size_t at = name.rfind(kind);
    StringRef rest = at == StringRef::npos ? "" : name.substr(at + kind.size());
    bool version = rest.empty() || (rest.consume_front("-") &&
                                    llvm::all_of(rest, [](char c) { return llvm::isDigit(c) || c == '.'; }));
    if (at != StringRef::npos && version && name.take_front(at).contains('-'))
      return name.take_front(at);
  }
  return "";
}

std::vector<std::string> adaptFlags(const std::vector<std::string> &arguments,
                                    std::vector<std::string> &dropped) {
  std::vector<std::string> out;
  if (arguments.empty())
    return out;
  out.push_back(arguments[0]);
  bool targetGiven = false;
  for (size_t i = 1; i < arguments.size(); ++i) {
    StringRef word = arguments[i];
    targetGiven |= word == "-target" || word.starts_with("--target=");
    bool forwarded = word == "-Xclang" && i + 1 < arguments.size(); // its operand is the flag
    const DroppedFlag *flag = findDropped(forwarded ? StringRef(arguments[i + 1]) : word);
    if (!flag) {
      out.push_back(arguments[i]);
      continue;
    }
    if (flag->gccOnly)
      dropped.push_back(arguments[i]);
    i += (forwarded ? 1 : 0) + flag->operands * (forwarded ? 2 : 1);
  }
  if (StringRef target = crossTarget(arguments[0]); !target.empty() && !targetGiven)
    out.insert(out.begin() + 1, ("--target=" + target).str());
  return out;
}

std::string outputOf(const std::vector<std::string> &arguments) {
  std::string out;
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == "-o" && i + 1 < arguments.size())
      out = arguments[i + 1];
    else if (StringRef(arguments[i]).starts_with("-o") && arguments[i].size() > 2)
      out = arguments[i].substr(2);
  }
  return out;
}

} // namespace gordian::build
