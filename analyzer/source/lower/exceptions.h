// SPDX-License-Identifier: MIT
//
// try, catch and function-try blocks. An exception that reaches a try block enters a Dispatch: one of the
// handlers by the type they name, or on to what is around. Which handler fits is left open (may cry wolf: all
// are tried), but for
// "...", behind which nothing passes.
#ifndef GORDIAN_SOURCE_LOWER_EXCEPTIONS_H
#define GORDIAN_SOURCE_LOWER_EXCEPTIONS_H

#include "source/lower/body.h"

namespace gordian::lower {

void lowerTry(Body &b, const clang::CXXTryStmt *s);

/// The pieces, for what is not written as a try statement: `body` runs under the handlers of `s`. `rethrows`:
/// handlers that end throw again (constructors and destructors).
void lowerUnderHandlers(Body &b, const clang::CXXTryStmt *s, bool rethrows, llvm::function_ref<void()> body);

/// throw, or throw again: ends the block.
void lowerThrow(Body &b, const clang::CXXThrowExpr *e);

} // namespace gordian::lower

#endif
