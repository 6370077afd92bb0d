// SPDX-License-Identifier: MIT
//
// Functions that the compiler knows: those that only hand a value on, promises about control flow,
// arithmetic.
#ifndef GORDIAN_SOURCE_LOWER_BUILTINS_H
#define GORDIAN_SOURCE_LOWER_BUILTINS_H

#include "source/lower/body.h"

namespace gordian::lower {

/// nullopt: a call like any other.
std::optional<Operand> lowerBuiltin(Body &b, const clang::CallExpr *e, const clang::FunctionDecl *callee);

} // namespace gordian::lower

#endif
