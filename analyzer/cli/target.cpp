// SPDX-License-Identifier: MIT
//
// See target.h.
#include "cli/target.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace gordian::cli;
using llvm::StringRef;

namespace {
using Elf = llvm::object::ELF64LE;
using ElfFile = llvm::object::ELFFile<Elf>;
constexpr int kInterpreters = 4; // of a script's interpreter, and so on
} // namespace

static llvm::Error problem(const llvm::Twine &text) {
  return llvm::createStringError(text);
}

/// A program that runs with other rights than ours: the loader ignores LD_PRELOAD for it.
static bool isPrivileged(const std::string &path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0)
    return false;
  bool otherUser = (status.st_mode & S_ISUID) && status.st_uid != ::getuid();
  bool otherGroup = (status.st_mode & S_ISGID) && status.st_gid != ::getgid();
  bool capabilities = ::getuid() != 0 && ::getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
  return otherUser || otherGroup || capabilities;
}

static llvm::Error examineElf(StringRef bytes, Target &target) {
  const std::string &path = target.path;
  if (bytes.size() > 4 && bytes[4] != 2)
    return problem(path + " is a 32-bit program; only 64-bit programs can be watched");
  llvm::Expected<ElfFile> elf = ElfFile::create(bytes);
  if (!elf)
    return problem(path + " cannot be read as a program: " + llvm::toString(elf.takeError()));
  auto segments = elf->program_headers();
  if (!segments)
    return problem(path + " cannot be read as a program: " + llvm::toString(segments.takeError()));
  bool dynamic = false;
  for (const Elf::Phdr &segment : *segments)
    dynamic |= segment.p_type == llvm::ELF::PT_INTERP;
  if (!dynamic)
    return problem(path + " is statically linked: nothing can be preloaded into it; link it dynamically");
  if (isPrivileged(path))
    return problem(path +
                   " is setuid, setgid or has capabilities: the loader does not preload into it; run a copy "
                   "without them");
  auto entries = elf->dynamicEntries();
  if (!entries) {
    llvm::consumeError(entries.takeError());
    return llvm::Error::success();
  }
  // The string table's address is one of the entries, so two passes.
  uint64_t strings = 0;
  for (const Elf::Dyn &entry : *entries)
    if (entry.getTag() == llvm::ELF::DT_STRTAB)
      strings = entry.getPtr();
  llvm::Expected<const uint8_t *> table = elf->toMappedAddr(strings);
  if (!table) {
    llvm::consumeError(table.takeError());
    return llvm::Error::success();
  }
  for (const Elf::Dyn &entry : *entries) {
    if (entry.getTag() != llvm::ELF::DT_NEEDED)
      continue;
    const uint8_t *name = *table + entry.getVal();
    if (name >= bytes.bytes_end())
      continue;
    StringRef library =
        bytes.substr(size_t(name - bytes.bytes_begin())).take_until([](char c) { return c == 0; });
    if (library.starts_with("libasan.so") || library.starts_with("libtsan.so"))
      target.sanitizers.push_back(library.str());
    target.threadSanitizer |= library.starts_with("libtsan.so");
  }
  target.threadSanitizer |= bytes.contains("__tsan_init");
  return llvm::Error::success();
}

/// `#!/usr/bin/env python3` -> python3's path; the interpreter itself for all others.
static std::string interpreterOf(StringRef firstLine) {
  llvm::SmallVector<StringRef, 4> words;
  firstLine.drop_front(2).trim().split(words, ' ', -1, /*KeepEmpty=*/false);
  if (words.empty())
    return "";
  if (llvm::sys::path::filename(words[0]) == "env")
    for (StringRef word : llvm::ArrayRef(words).drop_front())
      if (!word.starts_with("-") && !word.contains('='))
        if (auto found = llvm::sys::findProgramByName(word))
          return *found;
  return words[0].str();
}

static llvm::Error examine(const std::string &path, Target &target, int depth) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) // executable and not readable: it can be started, and nothing can be said of it
    return llvm::Error::success();
  StringRef bytes = (*buffer)->getBuffer();
  if (bytes.starts_with("\x7f"
                        "ELF")) {
    Target inner = target;
    inner.path = path;
    if (llvm::Error e = examineElf(bytes, inner))
      return e;
    target.sanitizers = inner.sanitizers;
    target.threadSanitizer = inner.threadSanitizer;
    return llvm::Error::success();
  }
  if (!bytes.starts_with("#!"))
    return problem(path + " is neither a program nor a script with a #! line");
  std::string interpreter = interpreterOf(bytes.take_until([](char c) { return c == '\n'; }));
  if (!llvm::sys::fs::can_execute(interpreter))
    return problem(path + ": its interpreter '" + interpreter + "' cannot be executed");
  if (depth == kInterpreters)
    return problem(path + ": too many interpreters, one in terms of the other");
  return examine(interpreter, target, depth + 1);
}

llvm::Expected<Target> gordian::cli::findTarget(const std::string &program) {
  Target target;
  if (StringRef(program).contains('/')) {
    target.path = program;
    if (!llvm::sys::fs::exists(program))
      return problem("cannot start " + program + ": no such file");
    if (llvm::sys::fs::is_directory(program))
      return problem("cannot start " + program + ": it is a folder");
    if (!llvm::sys::fs::can_execute(program))
      return problem("cannot start " + program + ": it is not executable (chmod +x?)");
  } else {
    auto found = llvm::sys::findProgramByName(program);
    if (!found)
      return problem("cannot start " + program + ": not found in PATH" +
                     (llvm::sys::fs::exists(program) ? " (did you mean ./" + program + "?)" : ""));
    target.path = *found;
  }
  if (llvm::Error e = examine(target.path, target, 0))
    return e;
  return target;
}
