// SPDX-License-Identifier: MIT
//
// Labels, references, attribute values and records; see text_reader.h. The rows of fields.h say which
// attributes and nested records there are.
#include "source/ir/text_reader.h"
#include "source/ir/labels.h"
#include "source/ir/text.h"
#include "source/ir/verify.h"

namespace gordian::ir {

TextReader::TextReader(std::string_view text) {
  while (!text.empty()) {
    size_t n = text.find('\n');
    std::string_view l = text.substr(0, n);
    if (!l.empty() && l.back() == '\r')
      l.remove_suffix(1);
    lines.push_back(l);
    text.remove_prefix(n == std::string_view::npos ? text.size() : n + 1);
  }
}

// ---------------------------------------------------------------- labels

bool TextReader::collectLabel(TextCursor &c, char sigil, LabelMap &labels, std::string_view what) {
  std::string label;
  if (sigil == '\'' ? !c.quoted('\'', label) : !(c.eat(sigil) && c.label(label)))
    return fail(std::string(what) + " needs a label: " + sigil + "name" + (sigil == '\'' ? "'" : ""));
  if (!labels.emplace(label, static_cast<Id>(labels.size())).second)
    return fail(std::string(what) + " '" + label + "' is declared twice");
  return true;
}

bool TextReader::collect() {
  for (line = 1; line < lines.size(); ++line) {
    if (blank(lines[line]) || indentOf(lines[line]) != 0)
      continue;
    TextCursor c(lines[line]);
    std::string_view keyword = c.word();
    bool ok = keyword == "type"       ? collectLabel(c, '\'', types, keyword)
              : keyword == "class"    ? collectLabel(c, '\'', classes, keyword)
              : keyword == "global"   ? collectLabel(c, '@', globals, keyword)
              : keyword == "function" ? collectLabel(c, '@', functions, keyword)
                                      : true;
    if (!ok)
      return false;
  }
  unit.types.resize(types.size());
  unit.classes.resize(classes.size());
  unit.globals.resize(globals.size());
  unit.functions.resize(functions.size());
  return true;
}

/// A type by its spelling alone: pointers, references, the class of that name, the arithmetic types.
Id TextReader::declareType(const std::string &label) {
  if (auto it = types.find(label); it != types.end())
    return it->second;
  Type t;
  t.name = label;
  auto builtin = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), label) != names.end();
  };
  if (label.size() > 2 && (label.ends_with(" *") || label.ends_with(" &"))) {
    t.kind = label.back() == '*' ? TypeKind::Pointer : TypeKind::Reference;
    t.element = declareType(label.substr(0, label.size() - 2));
  } else if (auto it = classes.find(label); it != classes.end()) {
    t.kind = TypeKind::Class;
    t.klass = it->second;
  } else if (builtin({"void"})) {
    t.kind = TypeKind::Void;
  } else if (builtin({"bool", "_Bool"})) {
    t.kind = TypeKind::Bool;
  } else if (builtin({"char", "short", "int", "long", "unsigned", "unsigned int", "unsigned long"})) {
    t.kind = TypeKind::Integer;
  } else if (builtin({"float", "double"})) {
    t.kind = TypeKind::Float;
  }
  unit.types.push_back(std::move(t));
  Id id = static_cast<Id>(unit.types.size() - 1);
  types.emplace(label, id);
  return id;
}

Id TextReader::declareFunction(const std::string &label) {
  if (auto it = functions.find(label); it != functions.end())
    return it->second;
  Function f;
  f.key = f.name = f.pattern = label;
  unit.functions.push_back(std::move(f));
  Id id = static_cast<Id>(unit.functions.size() - 1);
  functions.emplace(label, id);
  return id;
}

bool TextReader::named(TextCursor &c, char sigil, const LabelMap &labels, std::string_view what, Id &out) {
  std::string label;
  if (sigil == '\'' ? !c.quoted('\'', label) : !(c.eat(sigil) && c.label(label)))
    return fail("a " + std::string(what) + " is missing, written " + sigil + "name" +
                (sigil == '\'' ? "'" : ""));
  auto it = labels.find(label);
  if (it == labels.end())
    return fail("there is no " + std::string(what) + " '" + label + "'");
  out = it->second;
  return true;
}

bool TextReader::reference(TextCursor &c, Ref ref, Id &out) {
  std::string label;
  if (c.peekWord() == "none" && ref != Ref::Block) {
    c.word();
    out = kNone;
    return true;
  }
  switch (ref) {
  case Ref::Type:
    if (!c.quoted('\'', label))
      return fail("a type is missing, written 'name'");
    out = declareType(label);
    return true;
  case Ref::Function:
    if (!c.eat('@') || !c.label(label))
      return fail("a function is missing, written @name");
    out = declareFunction(label);
    return true;
  case Ref::Class:
    return named(c, '\'', classes, "class", out);
  case Ref::Global:
    return named(c, '@', globals, "global", out);
  case Ref::Local:
    return named(c, '$', locals, "local", out);
  case Ref::Block: {
    auto it = blockLabels.find(std::string(c.peekWord()));
    if (it == blockLabels.end())
      return fail("there is no block '" + std::string(c.peekWord()) + "'");
    c.word();
    out = it->second;
    return true;
  }
  default:
    return c.number(out) || fail("a number is missing");
  }
}

// ---------------------------------------------------------------- attribute values

bool TextReader::value(TextCursor &c, bool &out, Ref) {
  std::string_view w = c.word();
  out = w == "yes";
  return out || w == "no" || fail("'" + std::string(w) + "' should be yes or no");
}

bool TextReader::value(TextCursor &c, Loc &out, Ref) {
  if (!c.number(out.line) || !c.eat(':') || !c.number(out.column))
    return fail("a place is missing, written line:column or line:column:file");
  out.file = 0;
  if (c.eat(':')) {
    if (c.eat('-'))
      out.file = kNone;
    else if (!c.number(out.file))
      return fail("the file of a place is a number or '-'");
  }
  return true;
}

bool TextReader::value(TextCursor &c, Constant &out, Ref) {
  if (c.startsWith('@')) {
    out.kind = Constant::Kind::Function;
    return reference(c, Ref::Function, out.ref);
  }
  if (c.eat('&')) {
    out.kind = Constant::Kind::GlobalAddress;
    return reference(c, Ref::Global, out.ref);
  }
  if (c.number(out.integer)) {
    out.kind = Constant::Kind::Integer;
    return true;
  }
  std::string_view w = c.word();
  bool plain =
      parseWord(w, out.kind) && (out.kind == Constant::Kind::Null || out.kind == Constant::Kind::String ||
                                 out.kind == Constant::Kind::Other);
  return plain || fail("'" + std::string(w) + "' is no constant");
}

bool TextReader::value(TextCursor &c, Operand &out, Ref) {
  if (c.eat('%')) {
    out.kind = OperandKind::Value;
    return (c.number(out.id) || fail("a value is written %number")) && seenValue(out.id);
  }
  if (c.startsWith('@')) {
    out.kind = OperandKind::Function;
    return reference(c, Ref::Function, out.id);
  }
  if (c.number(out.integer)) {
    out.kind = OperandKind::Integer;
    return true;
  }
  std::string_view w = c.word();
  for (auto [prefix, kind] : {std::pair{std::string_view("param"), OperandKind::Param},
                              std::pair{std::string_view("str"), OperandKind::String}}) {
    if (w.starts_with(prefix) && w.size() > prefix.size()) {
      TextCursor digits(w.substr(prefix.size()));
      out.kind = kind;
      return (digits.number(out.id) && digits.atEnd()) || fail("'" + std::string(w) + "' is no operand");
    }
  }
  bool plain =
      parseWord(w, out.kind) && (out.kind == OperandKind::None || out.kind == OperandKind::Null ||
                                 out.kind == OperandKind::ThreadId || out.kind == OperandKind::Unknown);
  return plain || fail("'" + std::string(w) + "' is no operand");
}

// ---------------------------------------------------------------- records

template <class T>
bool TextReader::nameAttribute(TextCursor &c, T &record, std::string_view name, bool &found) {
  bool ok = true;
  forEachField<T>([&](const auto &r) {
    using Member = std::remove_cvref_t<decltype(record.*r.member)>;
    if constexpr (std::is_same_v<Member, std::string>)
      if (r.form == Form::Own && r.name == name) {
        found = true;
        ok = c.eat('=') && value(c, record.*r.member, r.ref);
      }
  });
  return ok || fail("attribute '" + std::string(name) + "' needs =\"...\"");
}

template <class T>
bool TextReader::attribute(TextCursor &c, T &record, std::string_view name) {
  bool found = false, ok = true;
  forEachField<T>([&](const auto &r) {
    using Member = std::remove_cvref_t<decltype(record.*r.member)>;
    if constexpr (isInline<Member>) {
      if (found || r.form == Form::Own || r.name != name)
        return;
      found = true;
      bool given = c.eat('=');
      if constexpr (std::is_same_v<Member, bool>)
        if (!given) {
          record.*r.member = true;
          return;
        }
      ok = given ? value(c, record.*r.member, r.ref)
                 : fail("attribute '" + std::string(name) + "' needs a value");
    }
  });
  if (!found)
    ok = nameAttribute(c, record, name, found);
  if (!found)
    return fail("unknown attribute '" + std::string(name) + "'");
  return ok;
}

template <class T>
bool TextReader::attributes(TextCursor &c, T &record) {
  std::vector<std::string_view> given;
  while (!c.atEnd()) {
    std::string_view name = c.word();
    if (name.empty())
      return fail("cannot read '" + std::string(c.remaining().substr(0, 20)) + "'");
    given.push_back(name);
    if (!attribute(c, record, name))
      return false;
  }
  settle(record, given);
  return true;
}

static bool has(const std::vector<std::string_view> &given, std::string_view name) {
  return std::find(given.begin(), given.end(), name) != given.end();
}
void TextReader::settle(Class &k, const std::vector<std::string_view> &given) {
  if (!has(given, "key"))
    k.key = k.name;
  if (!has(given, "pattern"))
    k.pattern = k.name;
}
void TextReader::settle(Global &g, const std::vector<std::string_view> &given) {
  if (!has(given, "name"))
    g.name = g.key;
}
void TextReader::settle(Function &f, const std::vector<std::string_view> &given) {
  if (!has(given, "name"))
    f.name = f.key;
  if (!has(given, "pattern"))
    f.pattern = f.name;
}

bool TextReader::tableHead(TextCursor &c, char sigil, std::initializer_list<std::string *> names) {
  std::string label;
  if (sigil == '\'')
    c.quoted('\'', label);
  else if (c.eat(sigil))
    c.label(label);
  for (std::string *n : names)
    *n = stripped(label);
  return true;
}

bool TextReader::head(TextCursor &c, Local &l) {
  std::string label;
  if (c.eat('$'))
    c.label(label);
  l.name = stripped(label);
  return true;
}

template <class T>
bool TextReader::child(TextCursor &c, T &record, std::string_view keyword, unsigned indent) {
  bool found = false, ok = true;
  forEachField<T>([&](const auto &r) {
    using Member = std::remove_cvref_t<decltype(record.*r.member)>;
    if constexpr (isRecordList<Member>) {
      if (found || r.form == Form::Own || r.name != keyword)
        return;
      found = true;
      ok = recordLine(c, (record.*r.member).emplace_back(), indent);
    }
  });
  return found ? ok : fail("'" + std::string(keyword) + "' has no place here");
}

template <class T>
bool TextReader::children(T &record, unsigned indent) {
  while (line + 1 < lines.size()) {
    std::string_view next = lines[line + 1];
    if (blank(next)) {
      ++line;
      continue;
    }
    if (indentOf(next) <= indent)
      break;
    TextCursor c(next);
    if constexpr (std::is_same_v<T, Function>)
      if (c.peekWord() == "block")
        break;
    ++line;
    if (!child(c, record, c.word(), indentOf(next)))
      return false;
  }
  return true;
}

template <class T>
bool TextReader::recordLine(TextCursor &c, T &record, unsigned indent) {
  return head(c, record) && attributes(c, record) && children(record, indent);
}

bool TextReader::topLevel() {
  TextCursor c(lines[line]);
  if (indentOf(lines[line]) != 0)
    return fail("an indented line with nothing that it belongs to");
  std::string keyword(c.word());
  auto entry = [&](auto &table, char sigil, const LabelMap &labels) -> bool {
    TextCursor probe = c;
    Id id = kNone;
    return named(probe, sigil, labels, keyword, id) && recordLine(c, table[id], 0);
  };
  if (keyword == "unit")
    return recordLine(c, unit, 0);
  if (keyword == "file")
    return recordLine(c, unit.files.emplace_back(), 0);
  if (keyword == "string")
    return value(c, unit.strings.emplace_back(), Ref::None);
  if (keyword == "suppression")
    return recordLine(c, unit.suppressions.emplace_back(), 0);
  if (keyword == "error")
    return recordLine(c, unit.errors.emplace_back(), 0);
  if (keyword == "type") {
    // Through a copy: a reference in the record may add types and move the table.
    TextCursor probe = c;
    Id id = kNone;
    Type t;
    if (!named(probe, '\'', types, keyword, id) || !recordLine(c, t, 0))
      return false;
    unit.types[id] = std::move(t);
    return true;
  }
  if (keyword == "class")
    return entry(unit.classes, '\'', classes);
  if (keyword == "global")
    return entry(unit.globals, '@', globals);
  if (keyword != "function")
    return fail("'" + keyword +
                "' is not unit, file, string, type, class, global, function, suppression or error");
  return functionRecord(c);
}

bool TextReader::attributesOf(TextCursor &c, Inst &i) {
  return attributes(c, i);
}
bool TextReader::attributesOf(TextCursor &c, Terminator &t) {
  return attributes(c, t);
}

bool TextReader::functionRecord(TextCursor &c) {
  TextCursor probe = c;
  Id id = kNone;
  if (!named(probe, '@', functions, "function", id))
    return false;
  // Into a copy: a call in the body may add functions and move the table.
  Function f;
  valuesSeen = 0;
  if (!collectBody() || !recordLine(c, f, 0) || !body(f))
    return false;
  f.valueCount = std::max(f.valueCount, valuesSeen);
  unit.functions[id] = std::move(f);
  return true;
}

bool TextReader::run() {
  TextCursor c(lines.empty() ? std::string_view() : lines[0]);
  unsigned version = 0;
  if (c.word() != kTextMagic || !c.number(version))
    return fail("this is no lowered program: its first line should be '" + std::string(kTextMagic) + " 1'");
  if (version != 1)
    return fail("version " + std::to_string(version) + " of the lowered form; this gordian reads version 1");
  if (!collect())
    return false;
  for (line = 1; line < lines.size(); ++line)
    if (!blank(lines[line]) && !topLevel())
      return false;
  return true;
}

llvm::Expected<Unit> readText(std::string_view text, std::string_view name) {
  TextReader reader(text);
  if (!reader.run())
    return llvm::createStringError(std::string(name) + ":" + std::to_string(reader.line + 1) + ": " +
                                   reader.error);
  if (std::string problem = verify(reader.unit); !problem.empty())
    return llvm::createStringError(std::string(name) + ": " + problem);
  return std::move(reader.unit);
}

} // namespace gordian::ir
