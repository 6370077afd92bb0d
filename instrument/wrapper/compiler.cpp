// SPDX-License-Identifier: MIT
#include "wrapper/compiler.h"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;

namespace gordian::wrapper {

namespace {

std::string inPath(std::string_view name) {
  const char *path = getenv("PATH");
  std::string_view rest = path ? path : "/usr/bin:/bin";
  while (!rest.empty()) {
    const size_t colon = rest.find(':');
    std::string file(rest.substr(0, colon));
    file.append("/").append(name);
    std::error_code error;
    if (access(file.c_str(), X_OK) == 0 && !fs::is_directory(file, error))
      return file;
    rest = colon == std::string_view::npos ? "" : rest.substr(colon + 1);
  }
  return "";
}

bool isClang(const std::string &path) {
  return fs::path(path).filename().string().find("clang") != std::string::npos;
}

/// Does a folder somewhere below `top`, at most `depth` levels down, hold a file whose name begins so?
bool holds(const fs::path &top, std::string_view beginning, int depth) {
  std::error_code error;
  for (const fs::directory_entry &entry : fs::directory_iterator(top, error)) {
    if (entry.path().filename().string().starts_with(beginning))
      return true;
    if (depth > 0 && entry.is_directory(error) && holds(entry.path(), beginning, depth - 1))
      return true;
  }
  return false;
}

/// /usr/lib/llvm-19 for /usr/bin/clang-19.
fs::path prefixOf(const std::string &path) {
  std::error_code error;
  return fs::canonical(path, error).parent_path().parent_path();
}

Compiler describe(const std::string &path) {
  std::error_code error;
  const bool clang = isClang(path);
  return {path, clang, clang && fs::exists(prefixOf(path) / "lib/clang" / GORDIAN_PASS_LLVM, error)};
}

/// Clang: PREFIX/lib/clang/VERSION/lib/PLATFORM/libclang_rt.tsan*. GCC:
/// PREFIX/lib/gcc/TARGET/VERSION/libtsan.*
bool hasRuntime(const Compiler &compiler) {
  const fs::path prefix = prefixOf(compiler.path);
  if (compiler.clang)
    return holds(prefix / "lib/clang", "libclang_rt.tsan", 3);
  return holds(prefix / "lib/gcc", "libtsan.", 2) || holds(prefix / "lib64/gcc", "libtsan.", 2);
}

std::vector<std::string> candidates(Language language) {
  const bool cxx = language == Language::Cxx;
  std::vector<std::string> found;
  for (std::string path : {std::string(cxx ? GORDIAN_CONFIGURED_CLANGXX : GORDIAN_CONFIGURED_CLANG),
                           inPath(cxx ? "clang++-19" : "clang-19"), inPath(cxx ? "clang++" : "clang"),
                           inPath(cxx ? "g++" : "gcc")})
    if (!path.empty() && access(path.c_str(), X_OK) == 0)
      found.push_back(std::move(path));
  return found;
}

} // namespace

Compiler findCompiler(Language language, std::string &why) {
  const char *variable = language == Language::Cxx ? "GORDIAN_CXX" : "GORDIAN_CC";
  if (const char *named = getenv(variable); named && *named) {
    const std::string path = std::string(named).find('/') == std::string::npos ? inPath(named) : named;
    if (!path.empty() && access(path.c_str(), X_OK) == 0)
      return describe(path);
    why = std::string(variable) + "=" + named + ": no such program";
    return {};
  }
  const std::vector<std::string> all = candidates(language);
  for (const std::string &path : all)
    if (Compiler compiler = describe(path); hasRuntime(compiler))
      return compiler;
  why = all.empty()
            ? "no compiler: install clang-19 and libclang-rt-19-dev, or name one in " + std::string(variable)
            : all.front() + " has no ThreadSanitizer runtime: install libclang-rt-19-dev";
  return {};
}

std::string findGlue() {
  std::error_code error;
  const fs::path prefix = fs::canonical("/proc/self/exe", error).parent_path().parent_path();
  for (const char *folder : {"lib/gordian", GORDIAN_LIBDIR "/gordian"})
    if (fs::exists(prefix / folder / "libgordian-tsan.a", error))
      return (prefix / folder).string();
  return "";
}

} // namespace gordian::wrapper
