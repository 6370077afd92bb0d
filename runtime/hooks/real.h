// SPDX-License-Identifier: MIT
//
// The real functions behind the hooks, found once with dlsym(RTLD_NEXT): whoever comes next in the search
// order, the C library or another tool's interceptor. A function of a library that is not loaded yet
// (libstdc++ in a C program) is looked for again at its first call.
#ifndef GORDIAN_HOOKS_REAL_H
#define GORDIAN_HOOKS_REAL_H

#include "core/local.h"
#include "hooks/prototypes.h"

namespace gordian::runtime {

struct RealFunctions {
#define LOCK_FUNCTION(name, result, parameters, arguments, object, effect, mode, wait)                       \
  result(*name) parameters;
#define HAND_FUNCTION(name, result, parameters, object, effect, mode, wait, version) result(*name) parameters;
#include "hooks/lock_functions.def"
};

GORDIAN_LOCAL extern RealFunctions real;

/// Finds all that can be found. Calling it again looks for what was missing.
void resolveReal();

/// real.name, looked for now if necessary; null where it does not exist.
#define GORDIAN_REAL(name)                                                                                   \
  (__builtin_expect(real.name != nullptr, 1) ? real.name : (resolveReal(), real.name))

} // namespace gordian::runtime

#endif
