// SPDX-License-Identifier: MIT
//
// The fields of the lowered program, listed once. The binary form, the text form and the verifier are loops
// over these rows, so a new field of ir.h is one row here and nothing else.
//
// A row is {name in the text form, member, what its number refers to, how the text form writes it}. Order
// matters: the binary form writes in this order, and the hash over all rows is part of its version, so a
// reader never meets a layout that is not its own.
#ifndef GORDIAN_SOURCE_IR_FIELDS_H
#define GORDIAN_SOURCE_IR_FIELDS_H

#include "source/ir/ir.h"

#include <string_view>
#include <tuple>
#include <type_traits>

namespace gordian::ir {

/// What an Id counts. Local, Value and Block are of the enclosing function.
enum class Ref : uint8_t { None, File, String, Type, Class, Global, Function, Local, Value, Block };

/// Attribute: `name=value` where it differs from the default. Own: the text form has a place of its own for
/// it.
enum class Form : uint8_t { Attribute, Own };

template <class T, class M>
struct FieldRow {
  std::string_view name;
  M T::*member;
  Ref ref = Ref::None;
  Form form = Form::Attribute;
};
template <class T, class M>
constexpr FieldRow<T, M> row(std::string_view name, M T::*member, Ref ref = Ref::None) {
  return {name, member, ref, Form::Attribute};
}
template <class T, class M>
constexpr FieldRow<T, M> own(std::string_view name, M T::*member, Ref ref = Ref::None) {
  return {name, member, ref, Form::Own};
}

template <class T>
struct Fields;

#define GORDIAN_FIELDS(T, ...)                                                                               \
  template <>                                                                                                \
  struct Fields<T> {                                                                                         \
    static constexpr std::string_view name = #T;                                                             \
    static constexpr auto rows = std::tuple{__VA_ARGS__};                                                    \
  };

GORDIAN_FIELDS(Loc, own("file", &Loc::file, Ref::File), own("line", &Loc::line), own("column", &Loc::column))
GORDIAN_FIELDS(Attribute, row("kind", &Attribute::kind), row("args", &Attribute::args))
GORDIAN_FIELDS(Type, own("name", &Type::name), row("kind", &Type::kind),
               row("element", &Type::element, Ref::Type), row("class", &Type::klass, Ref::Class),
               row("const", &Type::isConst), row("volatile", &Type::isVolatile),
               row("atomic", &Type::isAtomic))
GORDIAN_FIELDS(Field, own("name", &Field::name), row("type", &Field::type, Ref::Type), row("at", &Field::loc),
               row("mutable", &Field::isMutable), row("bitfield", &Field::isBitField),
               row("private", &Field::isPrivate), row("attribute", &Field::attributes))
GORDIAN_FIELDS(Base, row("class", &Base::klass, Ref::Class), row("virtual", &Base::isVirtual))
GORDIAN_FIELDS(Class, own("key", &Class::key), own("name", &Class::name), own("pattern", &Class::pattern),
               row("at", &Class::loc), row("lambda", &Class::isLambda), row("union", &Class::isUnion),
               row("polymorphic", &Class::isPolymorphic), row("system", &Class::isSystem),
               row("complete", &Class::complete), row("attribute", &Class::attributes),
               row("base", &Class::bases), row("field", &Class::fields))
GORDIAN_FIELDS(Constant, row("kind", &Constant::kind), row("integer", &Constant::integer),
               own("ref", &Constant::ref))
GORDIAN_FIELDS(InitEntry, row("path", &InitEntry::path), row("value", &InitEntry::value),
               row("macro", &InitEntry::macro))
GORDIAN_FIELDS(Global, own("key", &Global::key), own("name", &Global::name),
               row("type", &Global::type, Ref::Type), row("at", &Global::loc),
               row("linkage", &Global::linkage), row("thread-local", &Global::threadLocal),
               row("const", &Global::isConst), row("defined", &Global::defined),
               row("system", &Global::isSystem), row("owner", &Global::ownerFunction, Ref::Function),
               row("init-macro", &Global::initMacro),
               row("init-function", &Global::initFunction, Ref::Function), row("init", &Global::init),
               row("attribute", &Global::attributes))
GORDIAN_FIELDS(Proj, own("kind", &Proj::kind), own("class", &Proj::klass, Ref::Class),
               own("index", &Proj::index))
GORDIAN_FIELDS(Path, own("root", &Path::root), own("id", &Path::id), own("proj", &Path::proj))
GORDIAN_FIELDS(Operand, own("kind", &Operand::kind), own("id", &Operand::id),
               own("integer", &Operand::integer))
GORDIAN_FIELDS(Inst, own("op", &Inst::op), own("result", &Inst::result, Ref::Value), own("path", &Inst::path),
               own("args", &Inst::args), own("predicate", &Inst::predicate),
               own("arithmetic", &Inst::arithmetic), own("call", &Inst::call),
               own("function", &Inst::function, Ref::Function), own("callee", &Inst::callee),
               own("into", &Inst::hasInto), row("type", &Inst::type, Ref::Type), row("access", &Inst::access),
               row("order", &Inst::order), row("throws", &Inst::mayThrow),
               row("landing", &Inst::landing, Ref::Block), row("implicit", &Inst::implicit),
               row("macro", &Inst::macro), row("at", &Inst::loc))
GORDIAN_FIELDS(Terminator, own("kind", &Terminator::kind), own("value", &Terminator::value),
               own("successors", &Terminator::successors, Ref::Block), row("cases", &Terminator::cases),
               row("handlers", &Terminator::handlers), row("loop", &Terminator::loop),
               row("at", &Terminator::loc))
GORDIAN_FIELDS(Block, own("insts", &Block::insts), own("term", &Block::term))
GORDIAN_FIELDS(Local, own("name", &Local::name), row("type", &Local::type, Ref::Type), row("at", &Local::loc),
               row("temporary", &Local::temporary), row("escapes", &Local::escapes),
               row("param", &Local::param))
GORDIAN_FIELDS(Param, row("name", &Param::name), row("type", &Param::type, Ref::Type))
GORDIAN_FIELDS(Function, own("key", &Function::key), own("name", &Function::name),
               own("pattern", &Function::pattern), row("kind", &Function::kind),
               row("linkage", &Function::linkage), row("class", &Function::klass, Ref::Class),
               row("returns", &Function::returnType, Ref::Type), row("at", &Function::loc),
               row("pattern-at", &Function::patternLoc), row("defined", &Function::defined),
               row("virtual", &Function::isVirtual), row("pure", &Function::isPure),
               row("noexcept", &Function::isNoexcept), row("noreturn", &Function::isNoreturn),
               row("system", &Function::isSystem), row("variadic", &Function::isVariadic),
               row("coroutine", &Function::isCoroutine), row("entry", &Function::isExportedEntry),
               row("const", &Function::isConst), row("public", &Function::isPublic),
               row("errors", &Function::hasErrors), row("overrides", &Function::overrides),
               row("attribute", &Function::attributes), row("result", &Function::resultLocal, Ref::Local),
               row("values", &Function::valueCount), row("param", &Function::params),
               row("local", &Function::locals), own("block", &Function::blocks))
GORDIAN_FIELDS(SuppressionComment, row("at", &SuppressionComment::loc),
               row("rule", &SuppressionComment::rule), row("reason", &SuppressionComment::reason))
GORDIAN_FIELDS(UnitError, row("message", &UnitError::message), row("at", &UnitError::loc))
GORDIAN_FIELDS(File, row("path", &File::path), row("hash", &File::hash), row("system", &File::isSystem))
GORDIAN_FIELDS(Unit, row("source", &Unit::source), row("target", &Unit::target),
               row("command", &Unit::command), row("c", &Unit::isC), own("file", &Unit::files),
               own("string", &Unit::strings), own("type", &Unit::types), own("class", &Unit::classes),
               own("global", &Unit::globals), own("function", &Unit::functions),
               own("suppression", &Unit::suppressions), own("error", &Unit::errors))
#undef GORDIAN_FIELDS

template <class T>
concept Record = requires { Fields<T>::rows; };

template <class T>
constexpr bool isRecordList = false;
template <class T>
constexpr bool isRecordList<std::vector<T>> = Record<T>;

/// Whether the text form can write it behind `name=`: everything but nested records, which have lines of
/// their own.
template <class T>
constexpr bool isInline =
    !isRecordList<T> && (!Record<T> || std::is_same_v<T, Loc> || std::is_same_v<T, Constant>);

/// Calls `f(row)` for each row of T, in order.
template <Record T, class F>
constexpr void forEachField(F &&f) {
  std::apply([&](const auto &...r) { (f(r), ...); }, Fields<T>::rows);
}

} // namespace gordian::ir

#endif
