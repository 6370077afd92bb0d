// SPDX-License-Identifier: MIT
//
// An entry, in text lines up to the unit: "gordian-unit 1 CHECKSUM", "KIND HASH PATH" for each answer, an
// empty line, then the unit as it is. The checksum is over everything behind the first line.
#include "source/build/unit_cache.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

#include <cstdlib>
#include <vector>

#include <sys/time.h>
#include <unistd.h>

namespace fs = llvm::sys::fs;
using llvm::StringRef;

namespace gordian::build {

static constexpr StringRef kMagic = "gordian-unit 1 ";
static constexpr StringRef kExtension = ".unit";

static std::string hex(uint64_t hash) {
  return llvm::utohexstr(hash, /*LowerCase=*/true, /*Width=*/16);
}

/// What Clang reads of the environment while it parses.
static constexpr const char *kVariables[] = {
    "CPATH",         "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH",
    "COMPILER_PATH", "SYSROOT",        "GCC_EXEC_PREFIX",    "SOURCE_DATE_EPOCH"};

std::string UnitCache::open() {
  if (!enabled())
    return "";
  std::error_code why = fs::create_directories(folder);
  if (!why && ::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    why = std::error_code(errno, std::generic_category());
  if (!why)
    return "";
  std::string problem = "the cache folder " + folder + " is not used: " + why.message();
  folder.clear();
  return problem;
}

static std::string keyOfAll(const std::string &all) {
  llvm::XXH128_hash_t hash =
      llvm::xxh3_128bits(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(all.data()), all.size()));
  return hex(hash.high64) + hex(hash.low64);
}

std::string UnitCache::keyOf(StringRef text) const {
  return keyOfAll(tool + '\0' + text.str());
}

std::string UnitCache::key(const CompileCommand &command, const std::string &root) const {
  std::string all;
  auto add = [&](StringRef part) { all += part.str() + '\0'; };
  add(tool);
  add(root);
  add(command.directory);
  add(command.file);
  for (const std::string &argument : command.arguments)
    add(argument);
  for (const char *name : kVariables)
    if (const char *value = std::getenv(name))
      add(std::string(name) + "=" + value);
  add(hex(askAgain(command.file, FileAnswer::Kind::Read).hash));
  return keyOfAll(all);
}

std::string UnitCache::pathOf(const std::string &key) const {
  return folder + "/" + key.substr(0, 2) + "/" + key.substr(2) + kExtension.str();
}

bool UnitCache::holds(const std::string &path, const FileAnswer &then) {
  // Absent, file and folder are answers to one question.
  FileAnswer::Kind question = std::max(then.kind, FileAnswer::Kind::Folder);
  auto [at, fresh] = today[size_t(question)].try_emplace(path);
  if (fresh)
    at->second = askAgain(path, question);
  return at->second == then;
}

/// Takes a line off the front.
static StringRef line(StringRef &rest) {
  auto [first, second] = rest.split('\n');
  rest = second;
  return first;
}

std::optional<std::string> UnitCache::find(const std::string &key) {
  std::string path = pathOf(key);
  auto content = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!content)
    return std::nullopt;
  StringRef rest = (*content)->getBuffer();
  StringRef head = line(rest);
  uint64_t checksum = 0;
  if (!head.consume_front(kMagic) || head.getAsInteger(16, checksum) || checksum != llvm::xxh3_64bits(rest))
    return std::nullopt;
  while (!rest.empty()) {
    StringRef answer = line(rest);
    if (answer.empty()) {
      ::utimes(path.c_str(), nullptr); // used: trim() leaves it longest
      return rest.str();
    }
    auto [kindText, more] = answer.split(' ');
    auto [hashText, file] = more.split(' ');
    unsigned kind = 0;
    uint64_t hash = 0;
    if (kindText.getAsInteger(10, kind) || kind > unsigned(FileAnswer::Kind::Listed) ||
        hashText.getAsInteger(16, hash))
      return std::nullopt;
    if (!holds(file.str(), {FileAnswer::Kind(kind), hash}))
      return std::nullopt;
  }
  return std::nullopt;
}

bool UnitCache::store(const std::string &key, const FileAnswers &answers, const std::string &unit) const {
  if (!enabled())
    return true;
  std::string body;
  for (const auto &[path, answer] : answers) {
    if (StringRef(path).contains('\n'))
      return true; // such a name does not fit the layout: the unit is not kept
    body += std::to_string(unsigned(answer.kind)) + ' ' + hex(answer.hash) + ' ' + path + '\n';
  }
  body += '\n' + unit;
  std::string path = pathOf(key);
  if (fs::create_directories(llvm::sys::path::parent_path(path)))
    return false;
  llvm::SmallString<256> temporary;
  int fd = -1;
  if (fs::createUniqueFile(path + ".%%%%%%%%.tmp", fd, temporary))
    return false;
  llvm::raw_fd_ostream out(fd, /*shouldClose=*/true);
  out << kMagic << hex(llvm::xxh3_64bits(StringRef(body))) << '\n' << body;
  out.close();
  bool failed = out.has_error();
  out.clear_error();
  if (!failed && !fs::rename(temporary, path))
    return true;
  fs::remove(temporary);
  return false;
}

void UnitCache::trim(uint64_t most) const {
  struct Entry {
    llvm::sys::TimePoint<> used;
    uint64_t size;
    std::string path;
  };
  std::vector<Entry> entries;
  uint64_t total = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    auto status = it->status();
    if (!status || status->type() != fs::file_type::regular_file)
      continue;
    entries.push_back({status->getLastModificationTime(), status->getSize(), it->path()});
    total += status->getSize();
  }
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) { return a.used < b.used; });
  for (const Entry &entry : entries) {
    if (total <= most)
      return;
    if (!fs::remove(entry.path))
      total -= entry.size;
  }
}

std::string defaultCacheFolder() {
  if (const char *own = std::getenv("GORDIAN_CACHE"))
    return own;
  llvm::SmallString<256> path;
  if (!llvm::sys::path::cache_directory(path))
    return "";
  llvm::sys::path::append(path, "gordian");
  return std::string(path);
}

std::string toolIdentity(const std::string &more) {
  return hex(askAgain("/proc/self/exe", FileAnswer::Kind::Read).hash) + ' ' + more;
}

} // namespace gordian::build
