// SPDX-License-Identifier: MIT
//
// Global variables and function statics, with what their constant initialisers say: function pointers,
// addresses of other globals, numbers, and the macro that an initialiser came from. Initialisers are read
// from the syntax tree and not evaluated: a generated table of a hundred thousand rows must not cost more
// than its first 4,096.
#include "source/lower/unit_context.h"

using namespace clang;

namespace gordian::lower {

namespace {
class ConstantReader {
public:
  ConstantReader(UnitContext &u, ir::Global &o) : unit(u), out(o) {}
  void read(const Expr *init, QualType type);

private:
  void readList(const InitListExpr *list);
  void readMembers(const InitListExpr *list);
  void readScalar(const Expr *init);
  ir::Constant addressOf(const Expr *place);
  bool add(const ir::Constant &value, const Expr *init);
  bool full() const { return out.init.size() >= mostEntries; }

  static constexpr size_t mostEntries = 4096;
  UnitContext &unit;
  ir::Global &out;
  std::vector<uint32_t> path;
  SourceLocation outer; // of the braces around
};
} // namespace

bool ConstantReader::add(const ir::Constant &value, const Expr *init) {
  ir::InitEntry entry;
  entry.path = path;
  entry.value = value;
  if (!path.empty()) // of this part alone, not of the whole
    entry.macro = unit.places.macro(init->getBeginLoc(), outer);
  out.init.push_back(std::move(entry));
  return true;
}

static bool isPlainNumber(QualType type) {
  return type->isIntegralOrEnumerationType() || type->isRealFloatingType();
}

void ConstantReader::readList(const InitListExpr *list) {
  // The brace itself from a macro in the middle of an initialiser: its name says more than the numbers in it.
  if (!path.empty() && !unit.places.macro(list->getBeginLoc(), outer).empty())
    add({}, list);
  SourceLocation around = std::exchange(outer, list->getBeginLoc());
  readMembers(list);
  outer = around;
}

void ConstantReader::readMembers(const InitListExpr *list) {
  QualType type = list->getType();
  if (auto *array = unit.ast.getAsArrayType(type)) {
    constexpr unsigned mostNumbers = 16; // tables of numbers say nothing about locks
    unsigned count = list->getNumInits();
    if (isPlainNumber(array->getElementType()) && count > mostNumbers)
      return;
    for (unsigned i = 0; i != count && !full(); ++i) {
      path.push_back(i);
      read(list->getInit(i), array->getElementType());
      path.pop_back();
    }
    return;
  }
  const RecordDecl *record = type->getAsRecordDecl();
  if (!record)
    return list->getNumInits() == 1 ? read(list->getInit(0), type) : void();
  if (const FieldDecl *only = list->getInitializedFieldInUnion()) {
    path.push_back(only->getFieldIndex());
    if (list->getNumInits())
      read(list->getInit(0), only->getType());
    path.pop_back();
    return;
  }
  auto *cxx = dyn_cast<CXXRecordDecl>(record);
  unsigned next = cxx ? cxx->getNumBases() : 0; // bases come first
  for (const FieldDecl *field : record->fields()) {
    if (next >= list->getNumInits() || full())
      return;
    if (field->isUnnamedBitField())
      continue;
    path.push_back(field->getFieldIndex());
    read(list->getInit(next++), field->getType());
    path.pop_back();
  }
}

ir::Constant ConstantReader::addressOf(const Expr *place) {
  place = place->IgnoreParenCasts();
  ir::Constant value;
  if (auto *subscript = dyn_cast<ArraySubscriptExpr>(place))
    return addressOf(subscript->getBase());
  if (auto *reference = dyn_cast<DeclRefExpr>(place)) {
    if (auto *function = dyn_cast<FunctionDecl>(reference->getDecl())) {
      value.kind = ir::Constant::Kind::Function;
      value.ref = unit.function(function);
    } else if (auto *variable = dyn_cast<VarDecl>(reference->getDecl());
               variable && variable->hasGlobalStorage()) {
      value.kind = ir::Constant::Kind::GlobalAddress;
      value.ref = unit.global(variable);
    }
  }
  if (isa<StringLiteral>(place))
    value.kind = ir::Constant::Kind::String;
  return value;
}

void ConstantReader::readScalar(const Expr *init) {
  const Expr *plain = init->IgnoreParenCasts();
  ir::Constant value;
  QualType type = init->getType();
  if (type->isIntegralOrEnumerationType()) {
    Expr::EvalResult result;
    if (!init->isValueDependent() && init->EvaluateAsInt(result, unit.ast)) {
      value.kind = ir::Constant::Kind::Integer;
      value.integer = result.Val.getInt().getExtValue();
    }
  } else if (auto *address = dyn_cast<UnaryOperator>(plain); address && address->getOpcode() == UO_AddrOf) {
    value = addressOf(address->getSubExpr());
  } else {
    value = addressOf(plain);
  }
  if (type->isAnyPointerType() && value.kind == ir::Constant::Kind::Other && !init->isValueDependent() &&
      init->isNullPointerConstant(unit.ast, Expr::NPC_ValueDependentIsNotNull))
    value.kind = ir::Constant::Kind::Null;
  bool silent = value.kind == ir::Constant::Kind::Integer && value.integer == 0;
  if (value.kind != ir::Constant::Kind::Other && value.kind != ir::Constant::Kind::Null && !silent)
    add(value, init);
}

void ConstantReader::read(const Expr *init, QualType type) {
  if (!init || full())
    return;
  const Expr *plain = init->IgnoreParenImpCasts();
  if (auto *wrapped = dyn_cast<FullExpr>(plain))
    return read(wrapped->getSubExpr(), type);
  if (auto *literal = dyn_cast<CompoundLiteralExpr>(plain->IgnoreParenCasts());
      literal && type->isRecordType())
    return read(literal->getInitializer(), type);
  if (auto *list = dyn_cast<InitListExpr>(plain)) {
    const InitListExpr *semantic = list->isSemanticForm() ? list : list->getSemanticForm();
    return readList(semantic ? semantic : list);
  }
  if (type->isRecordType() || type->isArrayType() || isa<ImplicitValueInitExpr>(plain))
    return;
  readScalar(init);
}

/// Whether storage is filled before any code runs. Clang has decided that while parsing.
static bool isConstantInitialized(const VarDecl *variable) {
  const VarDecl *initialized = nullptr;
  const Expr *init = variable->getAnyInitializer(initialized);
  return !init || initialized->hasConstantInitialization();
}

bool hasDynamicInitializer(const VarDecl *variable) {
  return !isConstantInitialized(variable);
}

void UnitContext::describe(ir::Global &out, const VarDecl *variable) {
  const VarDecl *definition = variable->getDefinition();
  if (!definition)
    definition = variable->getActingDefinition(); // C: "int x;"
  const VarDecl *shown = definition ? definition : variable;
  out.key = names.globalKey(variable);
  out.name = names.name(variable);
  out.type = type(shown->getType());
  out.loc = places.loc(shown->getLocation());
  out.linkage = !variable->isExternallyVisible()                                ? ir::Linkage::Internal
                : shown->isInline() || shown->getTemplateInstantiationPattern() ? ir::Linkage::Weak
                                                                                : ir::Linkage::External;
  out.threadLocal = shown->getTLSKind() != VarDecl::TLS_None;
  out.isConst = shown->getType().isConstQualified();
  out.defined = definition != nullptr;
  out.isSystem = places.isSystem(variable);
  out.attributes = attributes(shown);
  auto *function = dyn_cast<FunctionDecl>(variable->getDeclContext());
  if (variable->isStaticLocal() && function)
    out.ownerFunction = this->function(function);
  const VarDecl *initialized = nullptr;
  const Expr *init = out.isSystem ? nullptr : shown->getAnyInitializer(initialized);
  if (!init)
    return;
  out.initMacro = places.macro(init->IgnoreImplicit()->getBeginLoc(), shown->getLocation());
  if (isConstantInitialized(shown))
    ConstantReader(*this, out).read(init, shown->getType());
}

ir::Id UnitContext::global(const VarDecl *variable) {
  auto [it, fresh] = globals.try_emplace(variable->getCanonicalDecl(), ir::Id(unit.globals.size()));
  ir::Id id = it->second;
  if (!fresh)
    return id;
  unit.globals.emplace_back();
  ir::Global out;
  describe(out, variable);
  unit.globals[id] = std::move(out);
  return id;
}

} // namespace gordian::lower
