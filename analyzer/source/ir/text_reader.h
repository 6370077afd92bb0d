// SPDX-License-Identifier: MIT
//
// The reader of the text form, private to text_reader.cpp (labels and records) and text_code_reader.cpp
// (function bodies). Two passes over the lines: the first gives every declared label its number, so that a
// use may stand before the declaration; the second fills the records. Functions and types that are used and
// never declared are added behind the declared ones; everything else must be declared. Every step returns
// false once `error` is set, which ends the reading at `line`.
#ifndef GORDIAN_SOURCE_IR_TEXT_READER_H
#define GORDIAN_SOURCE_IR_TEXT_READER_H

#include "source/ir/fields.h"
#include "source/ir/names.h"
#include "source/ir/text_cursor.h"

#include <algorithm>
#include <unordered_map>

namespace gordian::ir {

using LabelMap = std::unordered_map<std::string, Id>;

class TextReader {
public:
  explicit TextReader(std::string_view text);
  bool run();
  Unit unit;
  std::string error;
  size_t line = 0;

private:
  std::vector<std::string_view> lines;
  LabelMap types, classes, globals, functions, locals, blockLabels;
  uint32_t valuesSeen = 0;

  bool fail(std::string message) {
    if (error.empty())
      error = std::move(message);
    return false;
  }
  static unsigned indentOf(std::string_view l) { return static_cast<unsigned>(l.find_first_not_of(" \t")); }
  static bool blank(std::string_view l) {
    size_t n = l.find_first_not_of(" \t\r");
    return n == std::string_view::npos || l[n] == ';';
  }

  bool collect();
  bool collectLabel(TextCursor &c, char sigil, LabelMap &labels, std::string_view what);
  bool topLevel();

  Id declareType(const std::string &label);
  Id declareFunction(const std::string &label);
  bool reference(TextCursor &c, Ref ref, Id &out);
  bool named(TextCursor &c, char sigil, const LabelMap &labels, std::string_view what, Id &out);

  bool value(TextCursor &c, bool &out, Ref);
  bool value(TextCursor &c, uint32_t &out, Ref ref) {
    return ref == Ref::None ? c.number(out) || fail("a number is missing") : reference(c, ref, out);
  }
  bool value(TextCursor &c, int64_t &out, Ref) { return c.number(out) || fail("a number is missing"); }
  bool value(TextCursor &c, std::string &out, Ref) {
    return c.quoted('"', out) || fail("a string is missing");
  }
  bool value(TextCursor &c, Loc &out, Ref);
  bool value(TextCursor &c, Constant &out, Ref);
  bool value(TextCursor &c, Operand &out, Ref = Ref::None);
  template <class E>
    requires std::is_enum_v<E>
  bool value(TextCursor &c, E &out, Ref) {
    std::string_view w = c.word();
    return parseWord(w, out) || fail("unknown word '" + std::string(w) + "'");
  }
  template <class T>
  bool value(TextCursor &c, std::vector<T> &out, Ref ref) {
    if (!c.eat('['))
      return fail("a list in [ ] is missing");
    while (!c.eat(']')) {
      if (c.atEnd())
        return fail("a list is not closed by ]");
      if (!value(c, out.emplace_back(), ref))
        return false;
    }
    return true;
  }

  template <class T>
  bool attributes(TextCursor &c, T &record);
  template <class T>
  bool attribute(TextCursor &c, T &record, std::string_view name);
  template <class T>
  bool children(T &record, unsigned indent);
  template <class T>
  bool child(TextCursor &c, T &record, std::string_view keyword, unsigned indent);
  template <class T>
  bool recordLine(TextCursor &c, T &record, unsigned indent);

  // Labels were read by `collect` and `collectBody`; here they only give the default names.
  bool head(TextCursor &c, Type &t) { return tableHead(c, '\'', {&t.name}); }
  bool head(TextCursor &c, Class &k) { return tableHead(c, '\'', {&k.name, &k.key, &k.pattern}); }
  bool head(TextCursor &c, Global &g) { return tableHead(c, '@', {&g.key, &g.name}); }
  bool head(TextCursor &c, Function &f) { return tableHead(c, '@', {&f.key, &f.name, &f.pattern}); }
  bool head(TextCursor &c, Local &l);
  bool head(TextCursor &c, Field &f) {
    return c.quoted('"', f.name) || fail("a field needs a name in quotes");
  }
  template <class T>
  bool head(TextCursor &, T &) {
    return true;
  }
  bool tableHead(TextCursor &c, char sigil, std::initializer_list<std::string *> names);
  // A name that is not given is that of another (TextWriter::head has the same rules).
  void settle(Class &k, const std::vector<std::string_view> &given);
  void settle(Global &g, const std::vector<std::string_view> &given);
  void settle(Function &f, const std::vector<std::string_view> &given);
  template <class T>
  void settle(T &, const std::vector<std::string_view> &) {}
  template <class T>
  bool nameAttribute(TextCursor &c, T &record, std::string_view name, bool &found);

  // Code: text_code_reader.cpp.
  bool attributesOf(TextCursor &c, Inst &i);
  bool attributesOf(TextCursor &c, Terminator &t);
  bool functionRecord(TextCursor &c);
  bool path(TextCursor &c, Path &out);
  bool projection(TextCursor &c, Path &out, bool &found);
  bool arguments(TextCursor &c, std::vector<Operand> &out, char end);
  bool inst(TextCursor &c, Inst &out);
  bool callRest(TextCursor &c, Inst &out);
  bool terminator(TextCursor &c, std::string_view word, Terminator &out);
  bool collectBlock(TextCursor &c);
  bool collectBody();
  bool block(unsigned indent, Function &f);
  bool body(Function &f);
  bool bodyLine(TextCursor &c, Block &b, bool &ended);
  bool seenValue(Id v) {
    valuesSeen = std::max(valuesSeen, v + 1);
    return v < kNone - 1 || fail("value number too large");
  }
};

} // namespace gordian::ir

#endif
