// SPDX-License-Identifier: MIT
//
// Coroutines: promise, initial suspend, body, final suspend, each co_await with its ready / suspend / resume
// calls and an Await where the thread may leave the function. co_return goes to the final suspend. The frame
// is not modelled: what is alive at an Await is alive after it.
#ifndef GORDIAN_SOURCE_LOWER_COROUTINES_H
#define GORDIAN_SOURCE_LOWER_COROUTINES_H

#include "source/lower/body.h"

namespace gordian::lower {

void lowerCoroutine(Body &b, const clang::CoroutineBodyStmt *s);
void lowerCoreturn(Body &b, const clang::CoreturnStmt *s);
/// co_await and co_yield; a class that is the result goes to `into`.
Operand lowerSuspend(Body &b, const clang::CoroutineSuspendExpr *e, const Path *into);

} // namespace gordian::lower

#endif
