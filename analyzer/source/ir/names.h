// SPDX-License-Identifier: MIT
//
// The words of the text form for each enumeration of ir.h, in the enumeration's order.
#ifndef GORDIAN_SOURCE_IR_NAMES_H
#define GORDIAN_SOURCE_IR_NAMES_H

#include "source/ir/ir.h"

#include <array>
#include <string_view>

namespace gordian::ir {

template <class E>
struct EnumNames;

#define GORDIAN_NAMES(E, ...)                                                                                \
  template <>                                                                                                \
  struct EnumNames<E> {                                                                                      \
    static constexpr auto words = std::to_array<std::string_view>({__VA_ARGS__});                            \
  };

GORDIAN_NAMES(TypeKind, "void", "bool", "integer", "float", "enum", "pointer", "reference", "array", "class",
              "function", "other")
GORDIAN_NAMES(Linkage, "external", "weak", "internal", "none")
GORDIAN_NAMES(Constant::Kind, "integer", "null", "function", "global", "string", "other")
GORDIAN_NAMES(ProjKind, "field", "base", "index", "value", "any", "container")
GORDIAN_NAMES(RootKind, "local", "global", "deref")
GORDIAN_NAMES(OperandKind, "none", "value", "integer", "null", "param", "function", "string", "thread-id",
              "unknown")
GORDIAN_NAMES(Op, "load", "store", "rmw", "addr", "copy", "compare", "not", "arith", "alloc", "free",
              "copy-object", "call", "invalidate", "await")
GORDIAN_NAMES(Predicate, "eq", "ne", "lt", "le", "gt", "ge")
GORDIAN_NAMES(Arithmetic, "add", "sub", "mul", "div", "rem", "and", "or", "xor", "shl", "shr", "neg",
              "exchange", "compare-exchange")
GORDIAN_NAMES(AccessKind, "plain", "atomic", "volatile")
GORDIAN_NAMES(MemoryOrder, "relaxed", "consume", "acquire", "release", "acq-rel", "seq-cst")
GORDIAN_NAMES(CallKind, "direct", "virtual", "indirect")
GORDIAN_NAMES(TermKind, "jump", "branch", "switch", "dispatch", "return", "throw", "unwind", "stop")
GORDIAN_NAMES(FunctionKind, "plain", "method", "static-method", "constructor", "copy-constructor",
              "move-constructor", "destructor", "copy-assign", "move-assign", "conversion", "lambda",
              "global-init")
#undef GORDIAN_NAMES

/// Whether the operation works on a storage path. (A Call has one only if it returns a class by value.)
constexpr bool usesPath(Op op) {
  return op == Op::Load || op == Op::Store || op == Op::Rmw || op == Op::AddressOf || op == Op::CopyObject ||
         op == Op::Invalidate;
}

template <class E>
constexpr std::string_view wordOf(E e) {
  auto n = static_cast<size_t>(e);
  return n < EnumNames<E>::words.size() ? EnumNames<E>::words[n] : std::string_view("?");
}

template <class E>
constexpr bool parseWord(std::string_view word, E &out) {
  for (size_t n = 0; n < EnumNames<E>::words.size(); ++n)
    if (EnumNames<E>::words[n] == word) {
      out = static_cast<E>(n);
      return true;
    }
  return false;
}

} // namespace gordian::ir

#endif
