// SPDX-License-Identifier: MIT
#include "source/lower/suppression_comments.h"

#include "llvm/ADT/StringExtras.h"

namespace gordian::lower {

/// Rule ids are words with dashes ("lock-leak"); another first word belongs to the reason.
static bool looksLikeRule(llvm::StringRef word) {
  return word == "*" ||
         (word.contains('-') && llvm::all_of(word, [](char c) { return llvm::isLower(c) || c == '-'; }));
}

void readSuppressionComments(llvm::StringRef text, ir::Id file, std::vector<ir::SuppressionComment> &out) {
  static constexpr llvm::StringLiteral mark = "gordian:";
  uint32_t line = 1;
  size_t counted = 0;
  for (size_t at = text.find(mark); at != llvm::StringRef::npos; at = text.find(mark, at + mark.size())) {
    line += uint32_t(text.slice(counted, at).count('\n'));
    counted = at;
    size_t lineStart = text.rfind('\n', at) + 1; // npos + 1 == 0
    llvm::StringRef before = text.slice(lineStart, at).rtrim();
    if (!before.ends_with("//") && !before.ends_with("/*") && !before.ends_with("*"))
      continue;
    llvm::StringRef rest = text.slice(at + mark.size(), text.find('\n', at)).rtrim().ltrim();
    rest.consume_back("*/");
    if (!rest.consume_front("ignore") || (!rest.empty() && !llvm::isSpace(rest.front())))
      continue;
    rest = rest.trim();
    ir::SuppressionComment comment;
    comment.loc = {file, line, uint32_t(at - lineStart + 1)};
    llvm::StringRef word = rest.take_until([](char c) { return llvm::isSpace(c) || c == ',' || c == ':'; });
    if (looksLikeRule(word)) {
      comment.rule = word.str();
      rest = rest.drop_front(word.size()).ltrim(" \t,:");
    }
    comment.reason = rest.str();
    out.push_back(std::move(comment));
  }
}

} // namespace gordian::lower
