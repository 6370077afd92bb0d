// SPDX-License-Identifier: MIT
#include "hooks/real.h"

#include <cstring>
#include <dlfcn.h>
#include <link.h>

namespace gordian::runtime {

constinit RealFunctions real = {};

namespace {

void *find(const char *name, [[maybe_unused]] const char *version) {
#if defined(__x86_64__)
  if (version[0])
    if (void *p = dlvsym(RTLD_NEXT, name, version))
      return p;
#endif
  return dlsym(RTLD_NEXT, name);
}

/// dlsym reports a failure in allocated memory, and in a C program under ThreadSanitizer nothing can be
/// allocated yet when we start: functions of the C++ library are only looked for where there is one.
bool canExist(const char *name) {
  if (strncmp(name, "__cxa_guard_", 12) != 0)
    return true;
  const auto isCxxLibrary = [](dl_phdr_info *module, size_t, void *) -> int {
    return strstr(module->dlpi_name, "/libstdc++.so") || strstr(module->dlpi_name, "/libc++abi.so");
  };
  // The C library's own: ThreadSanitizer's, in the program, is not ready yet either.
  auto iterate = reinterpret_cast<decltype(&dl_iterate_phdr)>(dlsym(RTLD_NEXT, "dl_iterate_phdr"));
  return iterate && iterate(isCxxLibrary, nullptr) != 0;
}

template <class Pointer>
void resolve(Pointer &p, const char *name, const char *version) {
  if (__atomic_load_n(&p, __ATOMIC_RELAXED) || !canExist(name))
    return;
  if (auto found = reinterpret_cast<Pointer>(find(name, version)))
    __atomic_store_n(&p, found, __ATOMIC_RELEASE);
}

} // namespace

void resolveReal() {
#define LOCK_FUNCTION(name, result, parameters, arguments, object, effect, mode, wait)                       \
  resolve(real.name, #name, "");
#define HAND_FUNCTION(name, result, parameters, object, effect, mode, wait, version)                         \
  resolve(real.name, #name, version);
#include "hooks/lock_functions.def"
}

} // namespace gordian::runtime
