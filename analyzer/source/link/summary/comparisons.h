// SPDX-License-Identifier: MIT
//
// Functions that tell by their result which of two keys comes first: strcmp, operator<, compare ... An order
// of locks that goes by such a result is an order as one that compares numbers is.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_COMPARISONS_H
#define GORDIAN_SOURCE_LINK_SUMMARY_COMPARISONS_H

#include "source/link/summary/state.h"

#include <optional>
#include <utility>

namespace gordian::link {

/// How the result of a function of two keys tells their order.
enum class Comparison : uint8_t { None, Less, Greater, ThreeWay };
Comparison comparisonBy(const ir::Function &f);

/// Functions whose result is a tuple of the keys that they are given, to be compared as one.
bool packsKeys(const ir::Function &f);

/// The two keys of which `a` says that the first comes before the second.
std::optional<std::pair<Sym, Sym>> keysInOrder(const Program &program, const Symbols &syms, const Atom &a);

} // namespace gordian::link

#endif
