// SPDX-License-Identifier: MIT
//
// See system_code.h.
#include "trace/system_code.h"

#include "trace/function_name.h"

#include <algorithm>
#include <cctype>

namespace gordian::trace {

namespace {

bool contains(std::string_view s, std::string_view part) {
  return s.find(part) != std::string_view::npos;
}

std::string_view fileName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// Ours and ThreadSanitizer's: shared libraries, or linked in and then known by what their functions are
/// called.
bool isRuntime(const Frame &f) {
  std::string_view module = fileName(f.module);
  if (module.starts_with("libgordian") || module.starts_with("libtsan.so") ||
      module.starts_with("libasan.so") || module.starts_with("libclang_rt."))
    return true;
  std::string_view name = f.function;
  return name.starts_with("__interceptor_") || name.starts_with("___interceptor_") ||
         name.starts_with("__tsan") || name.starts_with("__sanitizer") || name.starts_with("gordian::hook") ||
         contains(f.location.file, "/compiler-rt/") || contains(f.location.file, "/libsanitizer/");
}

/// What starts threads and main: the ends of every stack.
bool isRoot(std::string_view name) {
  static constexpr std::string_view kRoots[] = {"__libc_start_main",
                                                "__libc_start_call_main",
                                                "__libc_start_main_impl",
                                                "_start",
                                                "start_thread",
                                                "clone",
                                                "clone3",
                                                "__clone",
                                                "__clone3"};
  return std::any_of(std::begin(kRoots), std::end(kRoots),
                     [&](std::string_view r) { return name.starts_with(r); });
}

/// The interpreter's own library; what pip installs beside it is not.
bool isPythonLibrary(std::string_view file) {
  if (file.starts_with("<frozen "))
    return true;
  return contains(file, "/lib/python3") && file.ends_with(".py") && !contains(file, "/site-packages/") &&
         !contains(file, "/dist-packages/");
}

/// The instrumented primitives (gordian/sync.h ...), wherever they were built.
bool isOurPrimitive(const Frame &f) {
  return f.function.starts_with("gordian::") &&
         (contains(f.location.file, "/runtime/sync/") || contains(f.location.file, "/include/gordian/"));
}

bool isLibrary(const Frame &f) {
  if (f.location.known())
    return isSystemHeader(f.location.file) || isPythonLibrary(f.location.file) || isOurPrimitive(f);
  // Without a line: what ThreadSanitizer links into the program under the C library's names.
  static constexpr std::string_view kIntercepted[] = {"malloc", "calloc", "realloc",    "free",
                                                      "memcpy", "memset", "memmove",    "strcpy",
                                                      "strlen", "memcmp", "thrd_create"};
  if (f.function.starts_with("pthread_") || f.function.starts_with("operator new") ||
      f.function.starts_with("operator delete") ||
      std::find(std::begin(kIntercepted), std::end(kIntercepted), f.function) != std::end(kIntercepted))
    return true;
  if (f.function.starts_with("std::") || f.function.starts_with("__gnu_cxx::") ||
      f.function.starts_with("__gthread"))
    return true;
  std::string_view module = fileName(f.module);
  static constexpr std::string_view kLibraries[] = {"libc.so",   "libc-2",    "libpthread", "libstdc++.so",
                                                    "libc++.so", "libc++abi", "libgcc_s",   "ld-linux",
                                                    "ld-2",      "libm.so"};
  return std::any_of(std::begin(kLibraries), std::end(kLibraries),
                     [&](std::string_view l) { return module.starts_with(l); });
}

/// Letters of the last component in lower case: `RWLock_acquireShared` -> "rwlockacquireshared".
std::string verb(std::string_view function) {
  std::string_view last = lastComponent(function);
  last = last.substr(0, last.find('<'));
  std::string letters;
  for (char c : last)
    if (std::isalpha(static_cast<unsigned char>(c)))
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return letters;
}

bool isWrapperName(std::string_view function) {
  static constexpr std::string_view kEndings[] = {
      "lock",  "lockshared", "lockexclusive", "lockread",   "lockwrite",    "acquire",   "release",
      "enter", "leave",      "readlock",      "trylockfor", "trylockuntil", "tryacquire"};
  std::string v = verb(function);
  if (std::any_of(std::begin(kEndings), std::end(kEndings),
                  [&](std::string_view e) { return v.ends_with(e); }))
    return true;
  return isConstructorName(function) || contains(function, "::~");
}

} // namespace

bool isInterpreter(std::string_view module) {
  std::string_view name = fileName(module);
  return name.starts_with("libpython3") || name.starts_with("python3") || name == "python";
}

bool isSystemHeader(std::string_view file) {
  static constexpr std::string_view kPrefixes[] = {"/usr/include/", "/usr/lib/gcc/", "/usr/lib/llvm",
                                                   "/usr/src/"};
  if (std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                  [&](std::string_view p) { return file.starts_with(p); }))
    return true;
  // Files of the C library's and libstdc++'s own build, as their debug packages name them.
  return contains(file, "/include/c++/") || contains(file, "/nptl/") || contains(file, "/sysdeps/") ||
         contains(file, "/libstdc++-v3/") || file.starts_with("./");
}

bool isSystemModule(std::string_view path) {
  return (path.starts_with("/lib/") || path.starts_with("/usr/lib/") || path.starts_with("/lib64/") ||
          path.starts_with("/usr/lib64/")) &&
         contains(fileName(path), ".so");
}

bool isOwnedBySystem(const std::vector<Frame> &frames) {
  bool callsPrimitive = true;
  for (const Frame &frame : frames) {
    FrameOwner owner = ownerOf(frame, callsPrimitive);
    if (owner == FrameOwner::Runtime)
      continue;
    if (frame.module.empty() && frame.location.known()) { // an interpreter's frame
      std::string_view file = fileName(frame.location.file);
      if (file == "threading.py" || file == "queue.py")
        continue;
      return isPythonLibrary(frame.location.file);
    }
    bool inSystem = isSystemModule(frame.module);
    if (owner == FrameOwner::Root)
      return false;
    if (inSystem && isWrapperName(frame.function) && owner != FrameOwner::Library)
      continue; // a portability layer's `xyz_mutex_lock`: the lock is its caller's
    if (owner == FrameOwner::Library && !inSystem)
      continue; // a header of the standard library, compiled into the user's module
    return inSystem || isInterpreter(frame.module);
  }
  return false;
}

bool isStandardGuard(std::string_view function) {
  static constexpr std::string_view kGuards[] = {"std::lock_guard",  "std::unique_lock", "std::scoped_lock",
                                                 "std::shared_lock", "std::lock<",       "std::lock",
                                                 "std::__1::"};
  return isConstructorName(function) &&
         std::any_of(std::begin(kGuards), std::end(kGuards),
                     [&](std::string_view g) { return function.starts_with(g); });
}

FrameOwner ownerOf(const Frame &frame, bool callsPrimitive) {
  if (isRuntime(frame))
    return FrameOwner::Runtime;
  if (isRoot(frame.function))
    return FrameOwner::Root;
  if (isLibrary(frame))
    return FrameOwner::Library;
  return callsPrimitive && isWrapperName(frame.function) ? FrameOwner::Wrapper : FrameOwner::User;
}

ReadableStack readable(const std::vector<Frame> &frames) {
  ReadableStack out;
  bool callsPrimitive = true;
  const Frame *outsideRuntime = nullptr;
  for (const Frame &frame : frames) {
    FrameOwner owner = ownerOf(frame, callsPrimitive);
    if (owner == FrameOwner::Root)
      break;
    if (owner == FrameOwner::Runtime)
      continue;
    if (!outsideRuntime)
      outsideRuntime = &frame;
    if (owner == FrameOwner::Library) {
      callsPrimitive &= !isStandardGuard(frame.function);
      continue;
    }
    if (owner == FrameOwner::User && !out.userCode) {
      out.userCode = true;
      out.first = out.frames.size();
    }
    callsPrimitive &= owner == FrameOwner::Wrapper;
    out.frames.push_back(frame);
  }
  if (!out.userCode && !out.frames.empty())
    out.userCode = true; // wrappers only: the innermost leads
  if (out.frames.empty() && outsideRuntime)
    out.frames.push_back(*outsideRuntime);
  return out;
}

} // namespace gordian::trace
