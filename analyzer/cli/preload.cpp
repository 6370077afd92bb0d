// SPDX-License-Identifier: MIT
//
// See preload.h.
#include "cli/preload.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cstdlib>
#include <unistd.h>

using namespace gordian::cli;
using llvm::StringRef;

static llvm::Expected<std::string> findRuntime() {
  static int anchor;
  llvm::SmallString<256> folder =
      llvm::sys::path::parent_path(llvm::sys::fs::getMainExecutable(nullptr, &anchor));
  llvm::sys::path::append(folder, "..");
  std::vector<std::string> tried;
  for (const char *lib : {"lib", GORDIAN_LIBDIR, "lib64"}) {
    llvm::SmallString<256> path = folder;
    llvm::sys::path::append(path, lib, "libgordian.so");
    llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
    if (llvm::sys::fs::exists(path))
      return path.str().str();
    tried.push_back(path.str().str());
  }
  return llvm::createStringError("cannot find libgordian.so (looked for " + llvm::join(tried, ", ") + ")");
}

/// LD_PRELOAD is split at blanks and colons; a link in the trace folder gets round them.
llvm::Expected<Watching> gordian::cli::prepareWatching(const std::string &traceDir) {
  llvm::Expected<std::string> library = findRuntime();
  if (!library)
    return library.takeError();
  Watching watching{*library, traceDir};
  if (StringRef(*library).find_first_of(" :") == StringRef::npos)
    return watching;
  watching.library = traceDir + "/libgordian.so";
  if (StringRef(traceDir).find_first_of(" :") != StringRef::npos ||
      (::symlink(library->c_str(), watching.library.c_str()) != 0 && errno != EEXIST))
    return llvm::createStringError("cannot preload " + *library +
                                   ": LD_PRELOAD takes no path with a blank or colon; install gordian "
                                   "elsewhere or give a --trace-dir without them");
  return watching;
}

std::string gordian::cli::tsanLogPrefix(const Watching &watching) {
  return watching.traceDir + "/tsan";
}

static std::string valueOf(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

/// gcc's sanitizer runtimes insist on being first, what the user preloads (allocators) may follow us.
static std::string preloadList(const Watching &watching, const Target &target) {
  std::vector<std::string> list = target.sanitizers;
  list.push_back(watching.library);
  std::string users = valueOf("LD_PRELOAD");
  if (!users.empty())
    list.push_back(users);
  return llvm::join(list, " ");
}

/// ThreadSanitizer leaves exit status, lock order and misuse to us, and names to our symbolizer (tsan_log.h),
/// but where the user has suppressions for it: those are by name.
static std::string tsanOptions(const Watching &watching) {
  std::string users = valueOf("TSAN_OPTIONS");
  std::string ours = "log_path='" + tsanLogPrefix(watching) +
                     "':exitcode=0:detect_deadlocks=0:report_mutex_bugs=0:report_destroy_locked=0:"
                     "report_thread_leaks=0:report_signal_unsafe=0:log_exe_name=0";
  if (!StringRef(users).contains("suppressions="))
    ours += ":symbolize=0:stack_trace_format='    #%n %p (%m+%o)'";
  return users.empty() ? ours : users + ":" + ours;
}

static std::string gordianOptions(const Watching &watching) {
  std::string users = valueOf("GORDIAN_OPTIONS");
  std::string ours = "trace_dir='" + watching.traceDir + "':watched=1:notices=0:report=''";
  return users.empty() ? ours : users + ":" + ours;
}

std::vector<std::string> gordian::cli::watchedEnvironment(const Watching &watching, const Target &target) {
  std::vector<std::string> out;
  for (char **entry = environ; *entry; ++entry) {
    StringRef name = StringRef(*entry).split('=').first;
    if (name != "LD_PRELOAD" && name != "GORDIAN_OPTIONS" && name != "TSAN_OPTIONS")
      out.push_back(*entry);
  }
  out.push_back("LD_PRELOAD=" + preloadList(watching, target));
  out.push_back("GORDIAN_OPTIONS=" + gordianOptions(watching));
  out.push_back("TSAN_OPTIONS=" + tsanOptions(watching));
  return out;
}
