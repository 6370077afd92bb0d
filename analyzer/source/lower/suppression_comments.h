// SPDX-License-Identifier: MIT
//
// "// gordian: ignore RULE reason" in a file's text. Read from the text rather than from Clang's comment
// callbacks: one search for a rare word instead of a call for every comment of every system header.
#ifndef GORDIAN_SOURCE_LOWER_SUPPRESSION_COMMENTS_H
#define GORDIAN_SOURCE_LOWER_SUPPRESSION_COMMENTS_H

#include "source/ir/ir.h"

#include "llvm/ADT/StringRef.h"

#include <vector>

namespace gordian::lower {

/// Appends the comments of `text`, which is file `file`. RULE may be "*" or absent (all rules: ""); the
/// reason is the rest of the line. Comments of both kinds count; the word in a string literal does not,
/// unless "//" precedes it there.
void readSuppressionComments(llvm::StringRef text, ir::Id file, std::vector<ir::SuppressionComment> &out);

} // namespace gordian::lower

#endif
