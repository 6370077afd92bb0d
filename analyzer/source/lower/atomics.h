// SPDX-License-Identifier: MIT
//
// Atomic accesses, whichever way they are written: _Atomic and <stdatomic.h>, __atomic_*, __sync_*,
// std::atomic and std::atomic_flag. All become Load, Store, Rmw or CopyObject with AccessKind::Atomic on the
// atomic object itself, so that nobody after the lowering needs to know their names. wait and notify stay
// calls.
#ifndef GORDIAN_SOURCE_LOWER_ATOMICS_H
#define GORDIAN_SOURCE_LOWER_ATOMICS_H

#include "source/lower/body.h"

namespace gordian::lower {

/// The generic builtins, which Clang parses into a node of its own.
Operand lowerAtomic(Body &b, const clang::AtomicExpr *e);
/// __sync_*, __atomic_test_and_set, __atomic_clear. nullopt: none of them.
std::optional<Operand> lowerSyncBuiltin(Body &b, const clang::CallExpr *e, const clang::FunctionDecl *callee);
/// Methods of std::atomic and alike; a class that is returned goes to `into`. nullopt: none of them.
std::optional<Operand> lowerStdAtomic(Body &b, const clang::CallExpr *e, const clang::FunctionDecl *callee,
                                      const Path *into);

} // namespace gordian::lower

#endif
