// SPDX-License-Identifier: MIT
//
// Function bodies of the text form: paths, instructions, block ends.
#include "source/ir/labels.h"
#include "source/ir/text_reader.h"

namespace gordian::ir {

bool TextReader::projection(TextCursor &c, Path &out, bool &found) {
  Proj p;
  found = true;
  if (c.startsWith('.') || c.startsWith('^')) {
    p.kind = c.eat('.') ? ProjKind::Field : ProjKind::Container;
    std::string klass, field;
    if ((p.kind == ProjKind::Container && !c.eat('^')) || !c.member(klass, field))
      return fail("a field is written .Class::field, the object that contains it ^Class::field");
    auto it = classes.find(klass);
    if (it == classes.end())
      return fail("there is no class '" + klass + "'");
    p.klass = it->second;
    p.index = kNone;
    if (field[0] == '#')
      TextCursor(std::string_view(field).substr(1)).number(p.index);
    else
      p.index = findField(unit.classes[p.klass], field);
    if (p.index == kNone)
      return fail("class '" + klass + "' has no field '" + field + "' (classes stand before functions)");
  } else if (c.eat('<')) {
    p.kind = ProjKind::Base;
    if (!reference(c, Ref::Class, p.klass) || !c.eat('>'))
      return fail("a base is written <'Class'>");
  } else if (c.eat('[')) {
    if (c.eat('*')) {
      p.kind = ProjKind::IndexAny;
    } else if (c.eat('%')) {
      p.kind = ProjKind::IndexValue;
      if (!c.number(p.index) || !seenValue(p.index))
        return fail("a value is written %number");
    } else {
      p.kind = ProjKind::Index;
      if (!c.number(p.index))
        return fail("an index is a number, %value or *");
    }
    if (!c.eat(']'))
      return fail("an index is not closed by ]");
  } else {
    found = false;
    return true;
  }
  out.proj.push_back(p);
  return true;
}

bool TextReader::path(TextCursor &c, Path &out) {
  if (c.startsWith('$')) {
    if (!reference(c, Ref::Local, out.id))
      return false;
  } else if (c.startsWith('@')) {
    out.root = RootKind::Global;
    if (!reference(c, Ref::Global, out.id))
      return false;
  } else if (c.eat('(')) {
    out.root = RootKind::Deref;
    if (!c.eat('*') || !c.eat('%') || !c.number(out.id) || !c.eat(')') || !seenValue(out.id))
      return fail("a dereference is written (*%value)");
  } else if (c.peekWord() == "none") {
    c.word();
  } else {
    return fail("a path begins with $local, @global or (*%value)");
  }
  for (bool found = true; found;)
    if (!projection(c, out, found))
      return false;
  return true;
}

bool TextReader::arguments(TextCursor &c, std::vector<Operand> &out, char end) {
  if (end && c.eat(end))
    return true;
  do
    if (!value(c, out.emplace_back()))
      return false;
  while (c.eat(','));
  return !end || c.eat(end) || fail(std::string("'") + end + "' is missing after the arguments");
}

bool TextReader::callRest(TextCursor &c, Inst &out) {
  if (out.call == CallKind::Indirect ? !value(c, out.callee) : !reference(c, Ref::Function, out.function))
    return false;
  if (!c.eat('('))
    return fail("'(' is missing after the callee");
  if (!arguments(c, out.args, ')'))
    return false;
  if (c.peekWord() == "into") {
    c.word();
    out.hasInto = true;
    if (!c.eat('=') || !path(c, out.path))
      return fail("into= needs a path");
  }
  return attributesOf(c, out);
}

bool TextReader::inst(TextCursor &c, Inst &out) {
  std::string word(c.word());
  for (auto [name, kind] : {std::pair{"call", CallKind::Direct}, std::pair{"vcall", CallKind::Virtual},
                            std::pair{"icall", CallKind::Indirect}})
    if (word == name) {
      out.op = Op::Call;
      out.call = kind;
      return callRest(c, out);
    }
  size_t dot = word.find('.');
  std::string suffix = dot == std::string::npos ? "" : word.substr(dot + 1);
  if (!parseWord(word.substr(0, dot), out.op) || out.op == Op::Call)
    return fail("unknown operation '" + word + "'");
  if (out.op == Op::Compare && !parseWord(suffix, out.predicate))
    return fail("compare needs eq, ne, lt, le, gt or ge: compare.eq %1, 0");
  if ((out.op == Op::Arith || out.op == Op::Rmw) && !parseWord(suffix, out.arithmetic))
    return fail("arith and rmw need an operation: arith.add %1, 1");
  bool more = true;
  if (usesPath(out.op)) {
    if (!path(c, out.path))
      return false;
    more = c.eat(',');
  } else {
    TextCursor next = c;
    std::string_view w = next.word();
    more =
        !c.atEnd() && (w.empty() || (!next.startsWith('=') && !w.starts_with("implicit") && w != "throws"));
  }
  if (more && !arguments(c, out.args, 0))
    return false;
  return attributesOf(c, out);
}

bool TextReader::terminator(TextCursor &c, std::string_view word, Terminator &out) {
  if (!parseWord(word, out.kind))
    return fail("unknown operation '" + std::string(word) + "'");
  bool first = true;
  do {
    TextCursor next = c;
    std::string w(next.word());
    if (c.atEnd() || next.startsWith('=') || w == "loop")
      break;
    bool takesValue =
        out.kind == TermKind::Branch || out.kind == TermKind::Switch || out.kind == TermKind::Return;
    if (blockLabels.count(w)) {
      if (!reference(c, Ref::Block, out.successors.emplace_back()))
        return false;
    } else if (!first || !takesValue) {
      return fail("there is no block '" + w + "'");
    } else if (!value(c, out.value)) {
      return false;
    }
    first = false;
  } while (c.eat(','));
  return attributesOf(c, out);
}

/// Reads one line of a block; `ended` once the terminator was read.
bool TextReader::bodyLine(TextCursor &c, Block &b, bool &ended) {
  Terminator t;
  if (parseWord(c.peekWord(), t.kind)) {
    ended = true;
    std::string_view word = c.word();
    return terminator(c, word, b.term);
  }
  Inst i;
  if (c.eat('%')) {
    if (!c.number(i.result) || !seenValue(i.result))
      return fail("a value is written %number");
    if (!c.eat('='))
      return fail("'=' is missing after the value");
  }
  if (!inst(c, i))
    return false;
  b.insts.push_back(std::move(i));
  return true;
}

bool TextReader::collectBlock(TextCursor &c) {
  std::string label(c.word());
  OperandKind operand;
  if (label.empty() || label == "loop" || parseWord(label, operand) || label.starts_with("param") ||
      label.starts_with("str") || (label[0] >= '0' && label[0] <= '9') || label[0] == '-')
    return fail("'" + label + "' cannot be the name of a block");
  if (!blockLabels.emplace(label, static_cast<Id>(blockLabels.size())).second)
    return fail("block '" + label + "' is declared twice");
  return true;
}

/// The labels of locals and blocks of the function that begins at `line`.
bool TextReader::collectBody() {
  locals.clear();
  blockLabels.clear();
  size_t start = line;
  for (line = start + 1; line < lines.size() && (blank(lines[line]) || indentOf(lines[line]) > 0); ++line) {
    TextCursor c(lines[line]);
    std::string_view keyword = blank(lines[line]) ? std::string_view() : c.word();
    if ((keyword == "block" && !collectBlock(c)) ||
        (keyword == "local" && !collectLabel(c, '$', locals, "local")))
      return false;
  }
  line = start;
  return true;
}

bool TextReader::block(unsigned indent, Function &f) {
  Block b;
  bool ended = false;
  while (line + 1 < lines.size() && !ended) {
    std::string_view next = lines[line + 1];
    if (!blank(next) && indentOf(next) <= indent)
      break;
    ++line;
    if (blank(next))
      continue;
    TextCursor c(next);
    if (!bodyLine(c, b, ended))
      return false;
  }
  if (!ended)
    return fail("the block does not end in jump, branch, switch, dispatch, return, throw, unwind or stop");
  f.blocks.push_back(std::move(b));
  return true;
}

bool TextReader::body(Function &f) {
  while (line + 1 < lines.size() && (blank(lines[line + 1]) || indentOf(lines[line + 1]) > 0)) {
    ++line;
    if (blank(lines[line]))
      continue;
    TextCursor c(lines[line]);
    if (c.word() != "block")
      return fail("params and locals stand before the first block");
    if (!block(indentOf(lines[line]), f))
      return false;
  }
  return true;
}

} // namespace gordian::ir
