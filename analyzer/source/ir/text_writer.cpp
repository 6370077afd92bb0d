// SPDX-License-Identifier: MIT
//
// Writes the text form. Records are lines "keyword label attribute*", nested records are indented below; the
// rows of fields.h drive attributes and nesting, and only paths, operands, instructions and block ends have a
// shape of their own.
#include "source/ir/fields.h"
#include "source/ir/labels.h"
#include "source/ir/names.h"
#include "source/ir/text.h"

#include <type_traits>

namespace gordian::ir {
namespace {

class TextWriter {
public:
  explicit TextWriter(const Unit &u)
      : unit(u), types(makeLabels(u.types, [](const Type &t) { return t.name; })),
        classes(makeLabels(u.classes, [](const Class &c) { return c.name; })),
        globals(makeLabels(u.globals, [](const Global &g) { return g.key; })),
        functions(makeLabels(u.functions, [](const Function &f) { return f.key; })) {}

  std::string run();

private:
  const Unit &unit;
  std::vector<std::string> types, classes, globals, functions, locals;
  std::string out;

  void quoted(std::string_view s, char quote = '"');
  void labelled(char sigil, std::string_view label);
  void reference(Ref ref, Id id);

  void value(bool v, Ref) { out += v ? "yes" : "no"; }
  void value(uint32_t v, Ref ref) { ref == Ref::None ? void(out += std::to_string(v)) : reference(ref, v); }
  void value(int64_t v, Ref) { out += std::to_string(v); }
  void value(const std::string &v, Ref) { quoted(v); }
  void value(const Loc &v, Ref);
  void value(const Constant &v, Ref);
  void value(const Operand &v, Ref = Ref::None);
  template <class E>
    requires std::is_enum_v<E>
  void value(E v, Ref) {
    out += wordOf(v);
  }
  template <class T>
  void value(const std::vector<T> &v, Ref ref) {
    out += '[';
    for (const T &e : v) {
      if (&e != v.data())
        out += ' ';
      value(e, ref);
    }
    out += ']';
  }

  template <class T>
  void attributes(const T &record);
  template <class T>
  void children(const T &record, unsigned depth);
  template <class T>
  void line(std::string_view keyword, const T &record, unsigned depth);

  void head(const Type &t) { labelHead('\'', types[&t - unit.types.data()], {{"name", t.name}}); }
  void head(const Class &c) {
    labelHead('\'', classes[&c - unit.classes.data()],
              {{"name", c.name}, {"key", c.key, &c.name}, {"pattern", c.pattern, &c.name}});
  }
  void head(const Global &g) {
    labelHead('@', globals[&g - unit.globals.data()], {{"key", g.key}, {"name", g.name, &g.key}});
  }
  void head(const Function &f) {
    labelHead('@', functions[&f - unit.functions.data()],
              {{"key", f.key}, {"name", f.name, &f.key}, {"pattern", f.pattern, &f.name}});
  }
  void head(const Local &l) { labelHead('$', locals[currentLocal++], {{"name", l.name}}); }
  void head(const Field &f) { nameHead(f.name); }
  template <class T>
  void head(const T &) {}
  /// Written only where it differs from `otherwise`, or from the label if there is none.
  struct Named {
    std::string_view attribute;
    const std::string &value;
    const std::string *otherwise = nullptr;
  };
  void labelHead(char sigil, std::string_view label, std::initializer_list<Named> names);
  void nameHead(std::string_view name) {
    out += ' ';
    quoted(name);
  }
  size_t currentLocal = 0;

  void path(const Path &p);
  void projection(const Proj &p);
  void inst(const Inst &i);
  void terminator(const Terminator &t);
  void arguments(const std::vector<Operand> &args);
  void blocks(const Function &f);
};

void TextWriter::quoted(std::string_view s, char quote) {
  static constexpr char hex[] = "0123456789abcdef";
  out += quote;
  for (unsigned char c : s) {
    if (c == '\\' || c == quote)
      (out += '\\') += static_cast<char>(c);
    else if (c < 0x20 || c == 0x7f)
      ((out += "\\x") += hex[c >> 4]) += hex[c & 15];
    else
      out += static_cast<char>(c);
  }
  out += quote;
}

void TextWriter::labelled(char sigil, std::string_view label) {
  if (sigil == '\'')
    return quoted(label, '\'');
  out += sigil;
  if (isBareLabel(label))
    out += label;
  else
    quoted(label);
}

void TextWriter::reference(Ref ref, Id id) {
  if (id == kNone) {
    out += "none";
    return;
  }
  switch (ref) {
  case Ref::Type:
    return labelled('\'', types[id]);
  case Ref::Class:
    return labelled('\'', classes[id]);
  case Ref::Global:
    return labelled('@', globals[id]);
  case Ref::Function:
    return labelled('@', functions[id]);
  case Ref::Local:
    return labelled('$', locals[id]);
  case Ref::Block:
    (out += 'b') += std::to_string(id);
    return;
  default:
    out += std::to_string(id);
  }
}

void TextWriter::value(const Loc &v, Ref) {
  out += std::to_string(v.line) + ":" + std::to_string(v.column);
  if (v.file != 0)
    out += v.file == kNone ? std::string(":-") : ":" + std::to_string(v.file);
}

void TextWriter::value(const Constant &v, Ref) {
  switch (v.kind) {
  case Constant::Kind::Integer:
    out += std::to_string(v.integer);
    return;
  case Constant::Kind::Function:
    return reference(Ref::Function, v.ref);
  case Constant::Kind::GlobalAddress:
    out += '&';
    return reference(Ref::Global, v.ref);
  default:
    out += wordOf(v.kind);
  }
}

void TextWriter::value(const Operand &v, Ref) {
  switch (v.kind) {
  case OperandKind::Value:
    (out += '%') += std::to_string(v.id);
    return;
  case OperandKind::Integer:
    out += std::to_string(v.integer);
    return;
  case OperandKind::Param:
    (out += "param") += std::to_string(v.id);
    return;
  case OperandKind::Function:
    return reference(Ref::Function, v.id);
  case OperandKind::String:
    (out += "str") += std::to_string(v.id);
    return;
  default:
    out += wordOf(v.kind);
  }
}

template <class T>
void TextWriter::attributes(const T &record) {
  static const T defaults{};
  forEachField<T>([&](const auto &r) {
    using Member = std::remove_cvref_t<decltype(record.*r.member)>;
    if constexpr (isInline<Member>) {
      if (r.form == Form::Own)
        return;
      if constexpr (!std::is_same_v<Member, Constant>)
        if (record.*r.member == defaults.*r.member)
          return;
      (out += ' ') += r.name;
      if constexpr (std::is_same_v<Member, bool>)
        if (record.*r.member)
          return;
      out += '=';
      value(record.*r.member, r.ref);
    }
  });
}

template <class T>
void TextWriter::children(const T &record, unsigned depth) {
  forEachField<T>([&](const auto &r) {
    using Member = std::remove_cvref_t<decltype(record.*r.member)>;
    if constexpr (isRecordList<Member>)
      if (r.form == Form::Attribute)
        for (const auto &child : record.*r.member)
          line(r.name, child, depth);
  });
}

template <class T>
void TextWriter::line(std::string_view keyword, const T &record, unsigned depth) {
  out.append(2 * depth, ' ');
  out += keyword;
  head(record);
  attributes(record);
  out += '\n';
  children(record, depth + 1);
}

void TextWriter::labelHead(char sigil, std::string_view label, std::initializer_list<Named> names) {
  out += ' ';
  labelled(sigil, label);
  for (const Named &n : names)
    if (n.value != (n.otherwise ? std::string_view(*n.otherwise) : stripped(label))) {
      ((out += ' ') += n.attribute) += '=';
      quoted(n.value);
    }
}

void TextWriter::projection(const Proj &p) {
  switch (p.kind) {
  case ProjKind::Field:
  case ProjKind::Container: {
    const std::string &label = classes[p.klass];
    const Class &c = unit.classes[p.klass];
    out += p.kind == ProjKind::Field ? '.' : '^';
    if (isBareLabel(label))
      out += label;
    else
      quoted(label, '\'');
    out += "::";
    const std::string *name = p.index < c.fields.size() ? &c.fields[p.index].name : nullptr;
    if (name && isIdentifier(*name) && findField(c, *name) == p.index)
      out += *name;
    else
      (out += '#') += std::to_string(p.index);
    return;
  }
  case ProjKind::Base:
    out += '<';
    labelled('\'', classes[p.klass]);
    out += '>';
    return;
  case ProjKind::Index:
    ((out += '[') += std::to_string(p.index)) += ']';
    return;
  case ProjKind::IndexValue:
    ((out += "[%") += std::to_string(p.index)) += ']';
    return;
  case ProjKind::IndexAny:
    out += "[*]";
    return;
  }
}

void TextWriter::path(const Path &p) {
  switch (p.root) {
  case RootKind::Local:
    reference(p.id == kNone ? Ref::None : Ref::Local, p.id);
    break;
  case RootKind::Global:
    reference(Ref::Global, p.id);
    break;
  case RootKind::Deref:
    ((out += "(*%") += std::to_string(p.id)) += ')';
    break;
  }
  for (const Proj &each : p.proj)
    projection(each);
}

void TextWriter::arguments(const std::vector<Operand> &args) {
  for (const Operand &a : args) {
    if (&a != args.data())
      out += ", ";
    value(a);
  }
}

void TextWriter::inst(const Inst &i) {
  out += "    ";
  if (i.result != kNone)
    ((out += '%') += std::to_string(i.result)) += " = ";
  if (i.op == Op::Call) {
    out += i.call == CallKind::Direct ? "call " : i.call == CallKind::Virtual ? "vcall " : "icall ";
    if (i.call == CallKind::Indirect)
      value(i.callee);
    else
      reference(Ref::Function, i.function);
    out += '(';
    arguments(i.args);
    out += ')';
    if (i.hasInto) {
      out += " into=";
      path(i.path);
    }
  } else {
    out += wordOf(i.op);
    if (i.op == Op::Compare)
      (out += '.') += wordOf(i.predicate);
    if (i.op == Op::Arith || i.op == Op::Rmw)
      (out += '.') += wordOf(i.arithmetic);
    bool hasPath = usesPath(i.op);
    if (hasPath) {
      out += ' ';
      path(i.path);
    }
    if (!i.args.empty())
      out += hasPath ? ", " : " ";
    arguments(i.args);
  }
  attributes(i);
  out += '\n';
}

void TextWriter::terminator(const Terminator &t) {
  out += "    ";
  out += wordOf(t.kind);
  const char *separator = " ";
  if (t.value.kind != OperandKind::None) {
    out += separator;
    value(t.value);
    separator = ", ";
  }
  for (Id s : t.successors) {
    out += separator;
    reference(Ref::Block, s);
    separator = ", ";
  }
  attributes(t);
  out += '\n';
}

void TextWriter::blocks(const Function &f) {
  for (size_t n = 0; n < f.blocks.size(); ++n) {
    ((out += "  block b") += std::to_string(n)) += '\n';
    for (const Inst &i : f.blocks[n].insts)
      inst(i);
    terminator(f.blocks[n].term);
  }
}

std::string TextWriter::run() {
  (out += kTextMagic) += " 1\n";
  line("unit", unit, 0);
  for (const File &f : unit.files)
    line("file", f, 0);
  for (const std::string &s : unit.strings) {
    out += "string ";
    quoted(s);
    out += '\n';
  }
  for (const Type &t : unit.types)
    line("type", t, 0);
  for (const Class &c : unit.classes)
    line("class", c, 0);
  for (const Global &g : unit.globals)
    line("global", g, 0);
  for (const SuppressionComment &s : unit.suppressions)
    line("suppression", s, 0);
  for (const UnitError &e : unit.errors)
    line("error", e, 0);
  for (const Function &f : unit.functions) {
    locals = makeLabels(f.locals, [](const Local &l) { return l.name; });
    currentLocal = 0;
    if (!f.blocks.empty())
      out += '\n';
    line("function", f, 0);
    blocks(f);
  }
  return std::move(out);
}

} // namespace

std::string writeText(const Unit &unit) {
  return TextWriter(unit).run();
}

} // namespace gordian::ir
