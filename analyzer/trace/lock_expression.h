// SPDX-License-Identifier: MIT
//
// The lock's name out of the source line that takes or makes it: `from.m` of `std::unique_lock f(from.m);`,
// `q->lock` of `pthread_mutex_lock(&q->lock);`, `self._lock` of `self._lock = threading.Lock()`. A lock on
// the heap or on a stack has no symbol; this is how its user calls it.
//
// Errs to silence: a line that does not look like one of the few usual forms, or names two locks, gives
// nothing.
#ifndef GORDIAN_TRACE_LOCK_EXPRESSION_H
#define GORDIAN_TRACE_LOCK_EXPRESSION_H

#include <string>
#include <string_view>
#include <vector>

namespace gordian::trace {

/// The expression in C or C++; "" where none is recognised.
std::string lockExpression(std::string_view line);

/// The same for a Python line, whether it creates the lock or uses it.
std::string pythonLockExpression(std::string_view line);

/// An access path in its parts: `from`, `.`, `m` of `from.m`; `member` holds what follows the root ("m",
/// "inner.m").
struct LockPath {
  std::string root;
  std::string member;
};
LockPath splitPath(std::string_view expression);

} // namespace gordian::trace

#endif
