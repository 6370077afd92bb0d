// SPDX-License-Identifier: MIT
//
// Expressions whose result is a scalar: an operand. Numbers are followed only as far as branches need them;
// floating point and vectors are evaluated for their effects and are Unknown.
#include "source/lower/atomics.h"
#include "source/lower/body.h"
#include "source/lower/coroutines.h"
#include "source/lower/exceptions.h"

using namespace clang;

namespace gordian::lower {

namespace {
class ValueLowering : public ConstStmtVisitor<ValueLowering, Operand> {
public:
  explicit ValueLowering(Body &body) : b(body) {}

  // Anything that no method below knows.
  Operand VisitStmt(const Stmt *s) {
    b.unit.countUnhandled(s->getStmtClassName());
    return Body::unknown();
  }
  /// Constants by evaluation: sizeof, traits, offsetof.
  Operand evaluated(const Expr *e) {
    Expr::EvalResult result;
    if (!e->isValueDependent() && e->EvaluateAsInt(result, b.ast))
      return integerOf(result.Val.getInt());
    return Body::unknown();
  }
  static Operand integerOf(const llvm::APSInt &number) {
    auto small = number.trySExtValue();
    if (!small && number.isUnsigned() && number.getActiveBits() <= 64)
      small = int64_t(number.getZExtValue());
    return small ? Body::integer(*small) : Body::unknown();
  }

  // Literals and constants
  Operand VisitIntegerLiteral(const IntegerLiteral *e) {
    return integerOf(llvm::APSInt(e->getValue(), e->getType()->isUnsignedIntegerOrEnumerationType()));
  }
  Operand VisitCharacterLiteral(const CharacterLiteral *e) { return Body::integer(e->getValue()); }
  Operand VisitCXXBoolLiteralExpr(const CXXBoolLiteralExpr *e) { return Body::integer(e->getValue()); }
  Operand VisitFloatingLiteral(const FloatingLiteral *) { return Body::unknown(); }
  Operand VisitImaginaryLiteral(const ImaginaryLiteral *) { return Body::unknown(); }
  Operand VisitFixedPointLiteral(const FixedPointLiteral *) { return Body::unknown(); }
  Operand VisitCXXNullPtrLiteralExpr(const CXXNullPtrLiteralExpr *) { return Body::null(); }
  Operand VisitGNUNullExpr(const GNUNullExpr *) { return Body::null(); }
  Operand VisitUnaryExprOrTypeTraitExpr(const UnaryExprOrTypeTraitExpr *e) { return evaluated(e); }
  Operand VisitOffsetOfExpr(const OffsetOfExpr *e) { return evaluated(e); }
  Operand VisitTypeTraitExpr(const TypeTraitExpr *e) { return evaluated(e); }
  Operand VisitArrayTypeTraitExpr(const ArrayTypeTraitExpr *e) { return evaluated(e); }
  Operand VisitExpressionTraitExpr(const ExpressionTraitExpr *e) { return evaluated(e); }
  Operand VisitCXXNoexceptExpr(const CXXNoexceptExpr *e) { return evaluated(e); }
  Operand VisitSizeOfPackExpr(const SizeOfPackExpr *e) { return evaluated(e); }
  Operand VisitConceptSpecializationExpr(const ConceptSpecializationExpr *e) { return evaluated(e); }
  Operand VisitRequiresExpr(const RequiresExpr *e) { return evaluated(e); }
  Operand VisitAddrLabelExpr(const AddrLabelExpr *e) {
    b.addressedLabels.push_back(e->getLabel());
    return Body::unknown();
  }
  Operand VisitSourceLocExpr(const SourceLocExpr *) { return Body::unknown(); }
  Operand VisitImplicitValueInitExpr(const ImplicitValueInitExpr *e) { return b.zero(e->getType()); }
  Operand VisitCXXScalarValueInitExpr(const CXXScalarValueInitExpr *e) { return b.zero(e->getType()); }
  Operand VisitRecoveryExpr(const RecoveryExpr *) { return Body::unknown(); }

  // Wrappers
  Operand VisitParenExpr(const ParenExpr *e) { return Visit(e->getSubExpr()); }
  Operand VisitConstantExpr(const ConstantExpr *e) {
    APValue result = e->hasAPValueResult() ? e->getAPValueResult() : APValue();
    return result.isInt() ? integerOf(result.getInt()) : b.value(e->getSubExpr());
  }
  Operand VisitExprWithCleanups(const ExprWithCleanups *e) { return b.value(e->getSubExpr()); }
  Operand VisitCXXDefaultArgExpr(const CXXDefaultArgExpr *e) { return b.value(e->getExpr()); }
  Operand VisitCXXDefaultInitExpr(const CXXDefaultInitExpr *e) { return b.value(e->getExpr()); }
  Operand VisitSubstNonTypeTemplateParmExpr(const SubstNonTypeTemplateParmExpr *e) {
    return b.value(e->getReplacement());
  }
  Operand VisitGenericSelectionExpr(const GenericSelectionExpr *e) { return b.value(e->getResultExpr()); }
  Operand VisitChooseExpr(const ChooseExpr *e) { return b.value(e->getChosenSubExpr()); }
  Operand VisitPackIndexingExpr(const PackIndexingExpr *e) { return b.value(e->getSelectedExpr()); }
  Operand VisitCXXRewrittenBinaryOperator(const CXXRewrittenBinaryOperator *e) {
    return b.value(e->getSemanticForm());
  }
  Operand VisitOpaqueValueExpr(const OpaqueValueExpr *e) {
    if (auto it = b.opaqueValues.find(e); it != b.opaqueValues.end())
      return it->second;
    return e->getSourceExpr() ? b.value(e->getSourceExpr()) : Body::unknown();
  }
  Operand VisitInitListExpr(const InitListExpr *e) {
    return e->getNumInits() ? b.value(e->getInit(0)) : b.zero(e->getType());
  }
  Operand VisitCXXParenListInitExpr(const CXXParenListInitExpr *e) {
    return e->getInitExprs().empty() ? b.zero(e->getType()) : b.value(e->getInitExprs()[0]);
  }
  Operand VisitStmtExpr(const StmtExpr *e);
  Operand VisitPseudoObjectExpr(const PseudoObjectExpr *e);

  // Names
  Operand VisitDeclRefExpr(const DeclRefExpr *e) {
    if (auto *constant = dyn_cast<EnumConstantDecl>(e->getDecl()))
      return integerOf(constant->getInitVal());
    if (auto *callee = dyn_cast<FunctionDecl>(e->getDecl()))
      return b.functionOperand(callee);
    return VisitStmt(e);
  }
  Operand VisitCXXThisExpr(const CXXThisExpr *) { return b.self; }

  // Casts
  Operand VisitCastExpr(const CastExpr *e);
  Operand lvalueToRvalue(const CastExpr *e);
  Operand pointerCast(const CastExpr *e);
  Operand upcast(const CastExpr *e);
  std::optional<Operand> containerOf(const CastExpr *e);

  // Operators
  Operand VisitUnaryOperator(const UnaryOperator *e);
  Operand VisitBinaryOperator(const BinaryOperator *e);
  Operand VisitCompoundAssignOperator(const CompoundAssignOperator *e) {
    Path place = b.place(e->getLHS());
    Operand old = modify(e, place);
    return b.arith(arithmeticOf(BinaryOperator::getOpForCompoundAssignment(e->getOpcode())), old, lastOperand,
                   e->getOperatorLoc());
  }
  Operand VisitConditionalOperator(const ConditionalOperator *e) { return selected(e); }
  Operand VisitBinaryConditionalOperator(const BinaryConditionalOperator *e);
  Operand selected(const AbstractConditionalOperator *e);
  Operand shortCircuit(const BinaryOperator *e);
  Operand assign(const BinaryOperator *e);
  Operand addressOf(const UnaryOperator *e);
  Operand increment(const UnaryOperator *e);
  Operand comparison(const BinaryOperator *e);
  Operand pointerArithmetic(const BinaryOperator *e);
  Operand modify(const CompoundAssignOperator *e, const Path &place);

  // Calls, objects, flow
  Operand VisitCallExpr(const CallExpr *e) { return b.call(e, nullptr); }
  Operand VisitAtomicExpr(const AtomicExpr *e) { return lowerAtomic(b, e); }
  Operand VisitCXXNewExpr(const CXXNewExpr *e);
  Operand VisitCXXDeleteExpr(const CXXDeleteExpr *e);
  Operand VisitCXXThrowExpr(const CXXThrowExpr *e) { return lowerThrow(b, e), Body::unknown(); }
  Operand VisitCoroutineSuspendExpr(const CoroutineSuspendExpr *e) { return lowerSuspend(b, e, nullptr); }
  Operand VisitVAArgExpr(const VAArgExpr *e) {
    b.value(e->getSubExpr());
    return Body::unknown();
  }
  Operand VisitShuffleVectorExpr(const ShuffleVectorExpr *e) { return children(e); }
  Operand VisitConvertVectorExpr(const ConvertVectorExpr *e) { return children(e); }
  Operand VisitBlockExpr(const BlockExpr *) { return Body::unknown(); }
  Operand children(const Expr *e) {
    for (const Stmt *child : e->children())
      if (auto *sub = dyn_cast_or_null<Expr>(child))
        b.effect(sub);
    return Body::unknown();
  }

private:
  Body &b;
  Operand lastOperand; // right operand of the compound assignment at hand
};

Operand ValueLowering::VisitStmtExpr(const StmtExpr *e) {
  Id mark = b.top;
  Operand out = Body::unknown();
  const CompoundStmt *body = e->getSubStmt();
  const Stmt *last = body->getStmtExprResult();
  for (const Stmt *s : body->body()) {
    auto *result = s == last ? dyn_cast<Expr>(last) : nullptr;
    if (result && !result->getType()->isVoidType())
      out = b.value(result);
    else
      b.statement(s);
  }
  b.leaveTo(mark, body->getRBracLoc());
  return out;
}

Operand ValueLowering::VisitPseudoObjectExpr(const PseudoObjectExpr *e) {
  Operand out = Body::unknown();
  for (const Expr *part : e->semantics()) {
    if (auto *opaque = dyn_cast<OpaqueValueExpr>(part)) {
      b.bindOpaque(opaque);
    } else if (part == e->getResultExpr() && part->isPRValue() && !part->getType()->isVoidType()) {
      out = b.value(part);
    } else {
      b.effect(part);
    }
  }
  return out;
}

// ---------------------------------------------------------------- casts

Operand ValueLowering::VisitCastExpr(const CastExpr *e) {
  switch (e->getCastKind()) {
  case CK_LValueToRValue:
    return lvalueToRvalue(e);
  case CK_ArrayToPointerDecay: {
    const Expr *array = e->getSubExpr()->IgnoreParens();
    if (auto *text = dyn_cast<StringLiteral>(array))
      return Operand{ir::OperandKind::String, b.unit.string(text->isOrdinary() ? text->getString() : ""), 0};
    Path first = b.indexed(b.place(e->getSubExpr()), Body::integer(0));
    return b.addressOf(first, e->getType()->getPointeeType(), e->getExprLoc());
  }
  case CK_FunctionToPointerDecay:
  case CK_BuiltinFnToFnPtr: {
    auto *reference = dyn_cast<DeclRefExpr>(e->getSubExpr()->IgnoreParens());
    if (auto *callee = reference ? dyn_cast<FunctionDecl>(reference->getDecl()) : nullptr)
      return b.functionOperand(callee);
    return b.bind(e->getSubExpr()); // a reference to a function, or *pointer
  }
  case CK_NullToPointer:
  case CK_NullToMemberPointer:
    b.effect(e->getSubExpr());
    return Body::null();
  case CK_IntegralToBoolean:
    return b.compare(ir::Predicate::Ne, b.value(e->getSubExpr()), Body::integer(0), e->getExprLoc());
  case CK_PointerToBoolean:
  case CK_MemberPointerToBoolean: {
    Operand pointer = b.value(e->getSubExpr());
    if (pointer.kind == ir::OperandKind::Function || pointer.kind == ir::OperandKind::String)
      return Body::integer(1);
    if (pointer.kind == ir::OperandKind::Null)
      return Body::integer(0);
    return b.compare(ir::Predicate::Ne, pointer, Body::null(), e->getExprLoc());
  }
  case CK_DerivedToBase:
  case CK_UncheckedDerivedToBase:
    return upcast(e);
  case CK_BaseToDerived:
  case CK_Dynamic:
  case CK_BitCast:
  case CK_IntegralToPointer:
  case CK_AddressSpaceConversion:
  case CK_NoOp:
    return pointerCast(e);
  case CK_ToVoid:
    b.effect(e->getSubExpr());
    return Body::unknown();
  case CK_FloatingCast:
  case CK_FloatingToIntegral:
  case CK_FloatingToBoolean:
  case CK_IntegralToFloating:
  case CK_FloatingRealToComplex:
  case CK_FloatingComplexToReal:
  case CK_FloatingComplexToBoolean:
  case CK_IntegralRealToComplex:
  case CK_VectorSplat:
    b.value(e->getSubExpr());
    return Body::unknown();
  default: // integers of another width, atomics, user conversions, bit casts: the same value
    return b.value(e->getSubExpr());
  }
}

/// A const variable whose value Clang knows is that value.
static std::optional<Operand> knownConstant(const Expr *e, ASTContext &ast) {
  auto *reference = dyn_cast<DeclRefExpr>(e->IgnoreParens());
  auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  if (!variable || !variable->getType()->isIntegralOrEnumerationType() ||
      !variable->mightBeUsableInConstantExpressions(ast) || variable->isInvalidDecl())
    return std::nullopt;
  const VarDecl *initialized = nullptr;
  const Expr *init = variable->getAnyInitializer(initialized);
  if (!init || init->isValueDependent())
    return std::nullopt;
  const APValue *value = initialized->evaluateValue();
  if (!value || !value->isInt())
    return std::nullopt;
  return ValueLowering::integerOf(value->getInt());
}

Operand ValueLowering::lvalueToRvalue(const CastExpr *e) {
  const Expr *from = e->getSubExpr();
  if (auto constant = knownConstant(from, b.ast))
    return *constant;
  if (auto *opaque = dyn_cast<OpaqueValueExpr>(from->IgnoreParens());
      opaque && b.opaqueValues.contains(opaque))
    return b.opaqueValues[opaque];
  if (from->getType()->isNullPtrType()) {
    b.effect(from);
    return Body::null();
  }
  Path path = b.place(from);
  return b.load(path, from->getType(), e->getExprLoc());
}

/// ((T *)((char *)p - offsetof(T, member))), the way back from a member to its object.
std::optional<Operand> ValueLowering::containerOf(const CastExpr *e) {
  auto *minus = dyn_cast<BinaryOperator>(e->getSubExpr()->IgnoreParenImpCasts());
  const RecordDecl *outer =
      e->getType()->isPointerType() ? e->getType()->getPointeeType()->getAsRecordDecl() : nullptr;
  if (!minus || minus->getOpcode() != BO_Sub || !outer || !minus->getLHS()->getType()->isPointerType())
    return std::nullopt;
  auto *offset = dyn_cast<OffsetOfExpr>(minus->getRHS()->IgnoreParenCasts());
  if (!offset || offset->getNumComponents() == 0)
    return std::nullopt;
  Operand member = b.value(minus->getLHS());
  Path path = b.deref(member, minus->getLHS()->getType(), e->getExprLoc());
  for (unsigned i = offset->getNumComponents(); i-- > 0;) {
    const OffsetOfNode &node = offset->getComponent(i);
    if (node.getKind() != OffsetOfNode::Field) {
      path.proj.clear();
      return b.copy(Body::unknown(), e->getType(), e->getExprLoc());
    }
    ir::Proj proj = b.unit.field(node.getField());
    proj.kind = ir::ProjKind::Container;
    path.proj.push_back(proj);
  }
  return b.addressOf(path, e->getType()->getPointeeType(), e->getExprLoc());
}

Operand ValueLowering::pointerCast(const CastExpr *e) {
  if (auto container = containerOf(e))
    return *container;
  Operand value = b.value(e->getSubExpr());
  bool typed = e->getType()->isPointerType() && e->getCastKind() != CK_NoOp &&
               !b.ast.hasSimilarType(e->getType(), e->getSubExpr()->getType());
  bool names = value.kind == ir::OperandKind::Function || value.kind == ir::OperandKind::Null ||
               value.kind == ir::OperandKind::String;
  return typed && !names && !e->getType()->isVoidPointerType() ? b.copy(value, e->getType(), e->getExprLoc())
                                                               : value;
}

Operand ValueLowering::upcast(const CastExpr *e) {
  Operand value = b.value(e->getSubExpr());
  if (value.kind == ir::OperandKind::Null)
    return value;
  Path path = b.deref(value, e->getSubExpr()->getType(), e->getExprLoc());
  for (const CXXBaseSpecifier *base : e->path())
    if (auto *record = base->getType()->getAsCXXRecordDecl())
      path.proj.push_back(b.unit.base(record));
  return b.addressOf(path, e->getType()->getPointeeType(), e->getExprLoc());
}

// ---------------------------------------------------------------- unary operators

Operand ValueLowering::addressOf(const UnaryOperator *e) {
  const Expr *operand = e->getSubExpr()->IgnoreParens();
  auto *reference = dyn_cast<DeclRefExpr>(operand);
  if (e->getType()->isMemberPointerType() && reference) {
    auto *method = dyn_cast<CXXMethodDecl>(reference->getDecl());
    return method ? b.functionOperand(method) : Body::unknown();
  }
  if (auto *callee = reference ? dyn_cast<FunctionDecl>(reference->getDecl()) : nullptr)
    return b.functionOperand(callee);
  return b.addressOf(b.place(e->getSubExpr()), e->getSubExpr()->getType(), e->getExprLoc());
}

Operand ValueLowering::increment(const UnaryOperator *e) {
  Path place = b.place(e->getSubExpr());
  QualType type = e->getSubExpr()->getType();
  ir::Inst &inst = b.emit(ir::Op::Rmw, e->getOperatorLoc());
  inst.path = place;
  inst.arithmetic = e->isIncrementOp() ? ir::Arithmetic::Add : ir::Arithmetic::Sub;
  inst.args = {Body::integer(1)};
  setAccessKind(inst, type);
  ir::Arithmetic arithmetic = inst.arithmetic;
  Operand old = b.define(inst);
  if (e->isPostfix())
    return old;
  return b.arith(arithmetic, old, Body::integer(1), e->getOperatorLoc());
}

Operand ValueLowering::VisitUnaryOperator(const UnaryOperator *e) {
  switch (e->getOpcode()) {
  case UO_AddrOf:
    return addressOf(e);
  case UO_PostInc:
  case UO_PostDec:
  case UO_PreInc:
  case UO_PreDec:
    return increment(e);
  case UO_Plus:
  case UO_Extension:
    return b.value(e->getSubExpr());
  case UO_Minus: {
    Operand operand = b.value(e->getSubExpr());
    return operand.kind == ir::OperandKind::Unknown
               ? operand
               : b.arith(ir::Arithmetic::Neg, operand, {}, e->getOperatorLoc());
  }
  case UO_Not: {
    Operand operand = b.value(e->getSubExpr());
    return operand.kind == ir::OperandKind::Unknown
               ? operand
               : b.arith(ir::Arithmetic::Xor, operand, Body::integer(-1), e->getOperatorLoc());
  }
  case UO_LNot:
    return b.logicalNot(b.value(e->getSubExpr()), e->getOperatorLoc());
  default: // __real, __imag
    b.effect(e->getSubExpr());
    return Body::unknown();
  }
}

// ---------------------------------------------------------------- binary operators

Operand ValueLowering::comparison(const BinaryOperator *e) {
  Operand left = b.value(e->getLHS()), right = b.value(e->getRHS());
  if (left.kind == ir::OperandKind::Unknown && right.kind == ir::OperandKind::Unknown)
    return Body::unknown();
  ir::Predicate predicate = ir::Predicate::Eq;
  switch (e->getOpcode()) {
  case BO_NE:
    predicate = ir::Predicate::Ne;
    break;
  case BO_LT:
    predicate = ir::Predicate::Lt;
    break;
  case BO_LE:
    predicate = ir::Predicate::Le;
    break;
  case BO_GT:
    predicate = ir::Predicate::Gt;
    break;
  case BO_GE:
    predicate = ir::Predicate::Ge;
    break;
  default:
    break;
  }
  return b.compare(predicate, left, right, e->getOperatorLoc());
}

/// p + n is &p[n].
Operand ValueLowering::pointerArithmetic(const BinaryOperator *e) {
  bool pointerLeft = e->getLHS()->getType()->isPointerType();
  Operand left = b.value(e->getLHS()), right = b.value(e->getRHS());
  const Operand &pointer = pointerLeft ? left : right, &offset = pointerLeft ? right : left;
  if (e->getOpcode() != BO_Add)
    return b.arith(ir::Arithmetic::Sub, left, right, e->getOperatorLoc());
  if (offset.kind == ir::OperandKind::Integer && offset.integer == 0)
    return pointer;
  Path path = b.deref(pointer, e->getType(), e->getOperatorLoc());
  return b.addressOf(b.indexed(path, offset), e->getType()->getPointeeType(), e->getOperatorLoc());
}

Operand ValueLowering::assign(const BinaryOperator *e) {
  Operand right = b.value(e->getRHS()); // sequenced first
  Path place = b.place(e->getLHS());
  b.store(place, right, e->getLHS()->getType(), e->getOperatorLoc());
  return right;
}

Operand ValueLowering::modify(const CompoundAssignOperator *e, const Path &place) {
  Operand right = b.value(e->getRHS());
  ir::Inst &inst = b.emit(ir::Op::Rmw, e->getOperatorLoc());
  inst.path = place;
  inst.arithmetic = arithmeticOf(BinaryOperator::getOpForCompoundAssignment(e->getOpcode()));
  inst.args = {right};
  setAccessKind(inst, e->getLHS()->getType());
  lastOperand = right;
  return b.define(inst);
}

Operand ValueLowering::shortCircuit(const BinaryOperator *e) {
  Path result = b.temporary(b.ast.BoolTy, e->getOperatorLoc());
  Id yes = b.newBlock(), no = b.newBlock(), done = b.newBlock();
  b.condition(e, yes, no);
  b.enter(yes);
  b.store(result, Body::integer(1), b.ast.BoolTy, e->getOperatorLoc());
  b.jump(done);
  b.enter(no);
  b.store(result, Body::integer(0), b.ast.BoolTy, e->getOperatorLoc());
  b.jump(done);
  b.enter(done);
  return b.load(result, b.ast.BoolTy, e->getOperatorLoc());
}

Operand ValueLowering::VisitBinaryOperator(const BinaryOperator *e) {
  switch (e->getOpcode()) {
  case BO_Comma:
    b.effect(e->getLHS());
    return b.value(e->getRHS());
  case BO_LAnd:
  case BO_LOr:
    return shortCircuit(e);
  case BO_Assign:
    return assign(e);
  case BO_PtrMemD:
  case BO_PtrMemI: // a bound pointer to member function outside of a call
    b.effect(e->getLHS());
    return b.value(e->getRHS());
  default:
    break;
  }
  if (e->isComparisonOp())
    return comparison(e);
  if (e->getLHS()->getType()->isPointerType() || e->getRHS()->getType()->isPointerType())
    return pointerArithmetic(e);
  Operand left = b.value(e->getLHS()), right = b.value(e->getRHS());
  if (left.kind == ir::OperandKind::Unknown || right.kind == ir::OperandKind::Unknown)
    return Body::unknown();
  return b.arith(arithmeticOf(e->getOpcode()), left, right, e->getOperatorLoc());
}

// ---------------------------------------------------------------- choices

Operand ValueLowering::selected(const AbstractConditionalOperator *e) {
  Id yes = b.newBlock(), no = b.newBlock(), done = b.newBlock();
  Path result = b.temporary(e->getType(), e->getExprLoc());
  ConditionalPart part(b);
  b.condition(e->getCond(), yes, no);
  part.begin();
  for (auto [block, arm] : {std::pair(yes, e->getTrueExpr()), std::pair(no, e->getFalseExpr())}) {
    b.enter(block);
    Operand out = b.value(arm);
    if (b.reachable()) { // an arm may throw or end the program
      b.store(result, out, e->getType(), arm->getExprLoc());
      b.jump(done);
    }
  }
  b.enter(done);
  return b.load(result, e->getType(), e->getExprLoc());
}

Operand ValueLowering::VisitBinaryConditionalOperator(const BinaryConditionalOperator *e) {
  b.bindOpaque(e->getOpaqueValue());
  return selected(e);
}

// ---------------------------------------------------------------- new, delete, throw

Operand ValueLowering::VisitCXXNewExpr(const CXXNewExpr *e) {
  SourceLocation location = e->getExprLoc();
  std::vector<Operand> placement;
  for (const Expr *arg : e->placement_arguments())
    placement.push_back(b.argument(arg));
  Operand count;
  if (e->isArray() && e->getArraySize() && *e->getArraySize())
    count = b.value(*e->getArraySize());
  const FunctionDecl *allocator = e->getOperatorNew();
  QualType type = e->getAllocatedType();
  Operand address;
  bool inPlace = allocator && allocator->isReservedGlobalPlacementOperator() && !placement.empty();
  if (inPlace) {
    address = b.copy(placement[0], e->getType(), location);
  } else {
    Id id = b.unit.type(type);
    ir::Inst &inst = b.emit(ir::Op::Alloc, location);
    inst.type = id;
    if (e->isArray())
      inst.args = {count.kind == ir::OperandKind::None ? Body::unknown() : count};
    address = b.define(inst);
  }
  if (!e->hasInitializer())
    return address;
  Id guard = kNone;
  if (!inPlace) {
    Cleanup cleanup;
    cleanup.kind = Cleanup::Kind::Free;
    cleanup.exceptionOnly = true;
    cleanup.value = address;
    cleanup.location = location;
    guard = b.push(std::move(cleanup));
  }
  Path object = b.deref(address, e->getType(), location);
  const Expr *init = e->getInitializer();
  bool listed = isa<InitListExpr>(init) || isa<CXXParenListInitExpr>(init);
  if (e->isArray())
    b.object(init, listed || init->getType()->isArrayType() ? object : b.indexed(object, Body::unknown()));
  else
    b.initialize(object, type, init);
  if (guard != kNone)
    b.drop(guard); // the object is complete: its owner is the program
  return address;
}

Operand ValueLowering::VisitCXXDeleteExpr(const CXXDeleteExpr *e) {
  Operand pointer = b.value(e->getArgument());
  QualType type = e->getDestroyedType();
  auto *record = type.isNull() ? nullptr : type->getAsCXXRecordDecl();
  auto *destructor = record && record->hasDefinition() ? record->getDestructor() : nullptr;
  if (destructor && !destructor->isTrivial()) {
    Operand object = pointer;
    if (e->isArrayForm()) {
      Path all = b.indexed(b.deref(pointer, e->getArgument()->getType(), e->getExprLoc()), Body::unknown());
      object = b.addressOf(all, type, e->getExprLoc());
    }
    bool isVirtual = destructor->isVirtual() && !record->hasAttr<FinalAttr>() && !e->isArrayForm();
    Body::Callee callee;
    callee.kind = isVirtual ? ir::CallKind::Virtual : ir::CallKind::Direct;
    callee.function = destructor;
    callee.mayThrow = b.mayThrow(destructor);
    b.emitCall(callee, {object}, e->getExprLoc(), /*implicit=*/false);
  }
  b.emit(ir::Op::Free, e->getExprLoc()).args = {pointer};
  return Body::unknown();
}

} // namespace

Operand Body::value(const Expr *e) {
  if (e->isGLValue())
    return bind(e);
  return ValueLowering(*this).Visit(e);
}

} // namespace gordian::lower
