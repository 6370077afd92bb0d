// SPDX-License-Identifier: MIT
//
// The readable form of a lowered unit (docs/lowered-form.md has the grammar). The same unit gives the same
// bytes, and reading what was written gives the same unit back. Programs are written by hand in this form
// too: what is referred to and not declared is declared by its use, where its meaning is clear from its name.
#ifndef GORDIAN_SOURCE_IR_TEXT_H
#define GORDIAN_SOURCE_IR_TEXT_H

#include "source/ir/ir.h"

#include "llvm/Support/Error.h"

#include <string>
#include <string_view>

namespace gordian::ir {

constexpr std::string_view kTextMagic = "gordian-lowered";

std::string writeText(const Unit &unit);

/// `name` stands before the line in an error: "a.lowered:12: unknown operation 'laod'".
llvm::Expected<Unit> readText(std::string_view text, std::string_view name);

} // namespace gordian::ir

#endif
