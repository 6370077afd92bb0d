// SPDX-License-Identifier: MIT
//
// Guards of the standard library work on any class with lock() and unlock(). This finds the methods of the
// class that a guard was given: a row of the tables (std::mutex), or a body of the user's (a hand-made lock),
// whose summary counts.
#ifndef GORDIAN_SOURCE_LINK_CALLGRAPH_LOCK_METHODS_H
#define GORDIAN_SOURCE_LINK_CALLGRAPH_LOCK_METHODS_H

#include "source/link/callgraph/hierarchy.h"

namespace gordian::link {

/// The class of the object that argument `n` of `callee` refers to; kNone if its type does not say.
ClassId classOfArgument(const Program &program, FunctionId callee, int n);

/// The body of method `name` of class `c` or its bases; kNone if there is none.
FunctionId methodBody(const Program &program, const Hierarchy &hierarchy, ClassId c, std::string_view name);

/// The row of method `name` of class `c`, null if it is no class of the tables.
const Row *methodRow(const Program &program, ClassId c, std::string_view name);

/// The lock classes that a guard's constructor is given: one for each argument from `row.other` on.
std::vector<FunctionId> guardCallees(const Program &program, const Hierarchy &hierarchy, FunctionId callee,
                                     const Row &row);

} // namespace gordian::link

#endif
