// SPDX-License-Identifier: MIT
//
// Walks all rows of fields.h; what a number refers to is in the row. Only where the meaning depends on a
// sibling field (paths, operands, constants, instructions, block ends) there is code.
#include "source/ir/verify.h"
#include "source/ir/fields.h"
#include "source/ir/names.h"

#include <type_traits>

namespace gordian::ir {
namespace {

class Verifier {
public:
  explicit Verifier(const Unit &u) : unit(u) {}
  std::string run() {
    check(unit);
    return problem;
  }

private:
  const Unit &unit;
  const Function *function = nullptr;
  std::string problem;

  void fail(std::string what) {
    if (problem.empty())
      problem = (function ? "function '" + function->key + "': " : std::string()) + what;
  }

  size_t limit(Ref ref) const {
    switch (ref) {
    case Ref::File:
      return unit.files.size();
    case Ref::String:
      return unit.strings.size();
    case Ref::Type:
      return unit.types.size();
    case Ref::Class:
      return unit.classes.size();
    case Ref::Global:
      return unit.globals.size();
    case Ref::Function:
      return unit.functions.size();
    case Ref::Local:
      return function ? function->locals.size() : 0;
    case Ref::Value:
      return function ? function->valueCount : 0;
    case Ref::Block:
      return function ? function->blocks.size() : 0;
    case Ref::None:
      break;
    }
    return ~size_t(0);
  }

  void id(Id n, Ref ref, std::string_view what) {
    if (n != kNone && n >= limit(ref))
      fail("there is no " + std::string(what) + " number " + std::to_string(n));
  }
  void required(Id n, Ref ref, std::string_view what) {
    if (n == kNone)
      fail(std::string(what) + " is missing");
    id(n, ref, what);
  }

  template <class T>
  void check(const T &v, Ref ref = Ref::None, std::string_view name = {}) {
    if constexpr (std::is_same_v<T, uint32_t>)
      id(v, ref, name);
    else if constexpr (std::is_enum_v<T>) {
      if (static_cast<size_t>(v) >= EnumNames<T>::words.size())
        fail("a value of '" + std::string(name) + "' is out of range");
    } else if constexpr (Record<T>)
      record(v);
  }
  template <class T>
  void check(const std::vector<T> &v, Ref ref, std::string_view name) {
    for (const T &e : v)
      check(e, ref, name);
  }

  template <class T>
  void rows(const T &v) {
    forEachField<T>([&](const auto &r) {
      if (problem.empty())
        check(v.*r.member, r.ref, r.name);
    });
  }
  template <class T>
  void record(const T &v) {
    rows(v);
  }

  void record(const Proj &p) {
    rows(p);
    if (p.kind == ProjKind::Field || p.kind == ProjKind::Base || p.kind == ProjKind::Container)
      required(p.klass, Ref::Class, "class");
    if (p.kind == ProjKind::IndexValue)
      required(p.index, Ref::Value, "value");
  }
  void record(const Path &p) {
    rows(p);
    if (p.id == kNone && p.root == RootKind::Local && p.proj.empty())
      return; // no path at all
    required(p.id,
             p.root == RootKind::Local    ? Ref::Local
             : p.root == RootKind::Global ? Ref::Global
                                          : Ref::Value,
             wordOf(p.root));
  }
  void record(const Operand &o) {
    rows(o);
    if (o.kind == OperandKind::Value)
      required(o.id, Ref::Value, "value");
    if (o.kind == OperandKind::Function)
      required(o.id, Ref::Function, "function");
    if (o.kind == OperandKind::String)
      required(o.id, Ref::String, "string");
    if (o.kind == OperandKind::Param && (!function || o.id >= function->params.size()))
      fail("there is no parameter number " + std::to_string(o.id));
  }
  void record(const Constant &c) {
    rows(c);
    if (c.kind == Constant::Kind::Function)
      required(c.ref, Ref::Function, "function");
    if (c.kind == Constant::Kind::GlobalAddress)
      required(c.ref, Ref::Global, "global");
  }
  void record(const Inst &i) {
    rows(i);
    bool path = usesPath(i.op) || (i.op == Op::Call && i.hasInto);
    if (path && i.path.id == kNone)
      fail(std::string(wordOf(i.op)) + " without a path");
    size_t least = i.op == Op::Compare ? 2
                   : i.op == Op::Store || i.op == Op::Copy || i.op == Op::Not || i.op == Op::Arith ||
                           i.op == Op::Free || i.op == Op::CopyObject
                       ? 1
                       : 0;
    if (i.args.size() < least)
      fail(std::string(wordOf(i.op)) + " with too few operands");
    if (i.op == Op::Call && i.call != CallKind::Indirect)
      required(i.function, Ref::Function, "function");
  }
  void record(const Terminator &t) {
    rows(t);
    for (Id s : t.successors)
      required(s, Ref::Block, "block");
    size_t n = t.successors.size();
    bool fits = t.kind == TermKind::Jump       ? n == 1
                : t.kind == TermKind::Branch   ? n == 2
                : t.kind == TermKind::Switch   ? n == t.cases.size() + 1
                : t.kind == TermKind::Dispatch ? n >= 1 && t.handlers.size() <= n
                : t.kind == TermKind::Throw    ? n <= 1
                                               : n == 0;
    bool takesValue = t.kind == TermKind::Branch || t.kind == TermKind::Switch || t.kind == TermKind::Return;
    if (!takesValue && t.value.kind != OperandKind::None)
      fail(std::string(wordOf(t.kind)) + " has no use for a value");
    if (!fits)
      fail(std::string(wordOf(t.kind)) + " with a wrong number of successors");
  }
  void record(const Function &f) {
    function = &f;
    rows(f);
    function = nullptr;
  }
};

} // namespace

std::string verify(const Unit &unit) {
  return Verifier(unit).run();
}

} // namespace gordian::ir
