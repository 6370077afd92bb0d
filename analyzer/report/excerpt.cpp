// SPDX-License-Identifier: MIT
//
// Code points, not bytes, are counted for the caret; wide and combining characters may put it off by a cell.
#include "report/excerpt.h"

#include "report/json_writer.h"
#include "report/sources.h"

using namespace gordian;
using namespace gordian::report;
using llvm::StringRef;

static constexpr size_t kMaxWidth = 160;

static bool continuesCodePoint(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// Cuts `line` to kMaxWidth bytes around byte `column` (0: none), not within a code point.
static StringRef window(StringRef line, size_t &column) {
  if (line.size() <= kMaxWidth)
    return line;
  size_t from = column > kMaxWidth / 2 ? column - kMaxWidth / 2 : 0;
  from = std::min(from, line.size() - kMaxWidth);
  while (from < line.size() && continuesCodePoint(line[from]))
    ++from;
  size_t to = std::min(line.size(), from + kMaxWidth);
  while (to < line.size() && continuesCodePoint(line[to]))
    ++to;
  column -= std::min(column, from);
  return line.slice(from, to);
}

Excerpt report::excerptAt(const Location &at, Sources *sources) {
  Excerpt e;
  auto line = sources && at.known() ? sources->line(at.file, at.line) : std::nullopt;
  if (!line || line->trim().empty())
    return e;
  size_t column = at.column <= line->size() ? at.column : 0;
  StringRef part = window(*line, column);
  for (char c : validUtf8(part))
    e.code += c == '\t' || static_cast<unsigned char>(c) >= 0x20 ? c : ' ';
  if (column == 0)
    return e;
  for (char c : part.take_front(column - 1))
    if (!continuesCodePoint(c))
      e.caret += c == '\t' ? '\t' : ' ';
  e.caret += '^';
  return e;
}
