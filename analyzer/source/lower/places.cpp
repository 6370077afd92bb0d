// SPDX-License-Identifier: MIT
//
// Expressions that designate storage: a path.
#include "source/lower/body.h"
#include "source/lower/coroutines.h"

using namespace clang;

namespace gordian::lower {

namespace {
class PlaceLowering : public ConstStmtVisitor<PlaceLowering, Path> {
public:
  explicit PlaceLowering(Body &body) : b(body) {}

  Path VisitStmt(const Stmt *s) {
    b.unit.countUnhandled(s->getStmtClassName());
    return nowhere(s->getBeginLoc());
  }
  /// Storage that nothing is known of.
  Path nowhere(SourceLocation location) { return b.deref(Body::unknown(), {}, location); }
  Path pointee(const Operand &pointer, const Expr *e) {
    return b.deref(pointer, b.ast.getPointerType(e->getType()), e->getExprLoc());
  }

  // Wrappers
  Path VisitParenExpr(const ParenExpr *e) { return Visit(e->getSubExpr()); }
  Path VisitConstantExpr(const ConstantExpr *e) { return b.place(e->getSubExpr()); }
  Path VisitExprWithCleanups(const ExprWithCleanups *e) { return b.place(e->getSubExpr()); }
  Path VisitCXXDefaultArgExpr(const CXXDefaultArgExpr *e) { return b.place(e->getExpr()); }
  Path VisitCXXDefaultInitExpr(const CXXDefaultInitExpr *e) { return b.place(e->getExpr()); }
  Path VisitSubstNonTypeTemplateParmExpr(const SubstNonTypeTemplateParmExpr *e) {
    return b.place(e->getReplacement());
  }
  Path VisitGenericSelectionExpr(const GenericSelectionExpr *e) { return b.place(e->getResultExpr()); }
  Path VisitChooseExpr(const ChooseExpr *e) { return b.place(e->getChosenSubExpr()); }
  Path VisitPackIndexingExpr(const PackIndexingExpr *e) { return b.place(e->getSelectedExpr()); }
  Path VisitCXXRewrittenBinaryOperator(const CXXRewrittenBinaryOperator *e) {
    return b.place(e->getSemanticForm());
  }
  Path VisitMaterializeTemporaryExpr(const MaterializeTemporaryExpr *e);
  Path VisitOpaqueValueExpr(const OpaqueValueExpr *e) {
    if (auto it = b.opaquePlaces.find(e); it != b.opaquePlaces.end())
      return it->second;
    return e->getSourceExpr() ? b.place(e->getSourceExpr()) : nowhere(e->getExprLoc());
  }
  Path VisitInitListExpr(const InitListExpr *e) { // a reference initialised by {x}
    return e->getNumInits() == 1 ? b.place(e->getInit(0)) : VisitStmt(e);
  }
  Path VisitPseudoObjectExpr(const PseudoObjectExpr *e) {
    for (const Expr *part : e->semantics()) {
      if (part == e->getResultExpr())
        return b.place(part);
      if (auto *opaque = dyn_cast<OpaqueValueExpr>(part))
        b.bindOpaque(opaque);
      else
        b.effect(part);
    }
    return nowhere(e->getExprLoc());
  }
  Path VisitStmtExpr(const StmtExpr *e) { return b.materialize(e, e->getExprLoc()); }
  Path VisitRecoveryExpr(const RecoveryExpr *e) { return nowhere(e->getExprLoc()); }

  // Names
  Path VisitDeclRefExpr(const DeclRefExpr *e);
  Path VisitMemberExpr(const MemberExpr *e);
  Path VisitStringLiteral(const StringLiteral *e) {
    Operand text{ir::OperandKind::String, b.unit.string(e->isOrdinary() ? e->getString() : ""), 0};
    return b.deref(text, {}, e->getExprLoc());
  }
  Path VisitPredefinedExpr(const PredefinedExpr *e) {
    return e->getFunctionName() ? Visit(e->getFunctionName()) : nowhere(e->getExprLoc());
  }
  Path VisitCompoundLiteralExpr(const CompoundLiteralExpr *e);
  Path VisitCXXTypeidExpr(const CXXTypeidExpr *e) {
    if (!e->isTypeOperand() && e->isPotentiallyEvaluated())
      b.effect(e->getExprOperand());
    return nowhere(e->getExprLoc());
  }

  // Operators
  Path VisitArraySubscriptExpr(const ArraySubscriptExpr *e);
  Path VisitUnaryOperator(const UnaryOperator *e);
  Path VisitBinaryOperator(const BinaryOperator *e);
  Path VisitCompoundAssignOperator(const CompoundAssignOperator *e) {
    Path place = b.place(e->getLHS());
    Operand right = b.value(e->getRHS());
    ir::Inst &inst = b.emit(ir::Op::Rmw, e->getOperatorLoc());
    inst.path = place;
    inst.args = {right};
    inst.arithmetic = arithmeticOf(BinaryOperator::getOpForCompoundAssignment(e->getOpcode()));
    setAccessKind(inst, e->getLHS()->getType());
    b.define(inst);
    return place;
  }
  Path VisitAbstractConditionalOperator(const AbstractConditionalOperator *e);
  Path VisitConditionalOperator(const ConditionalOperator *e) { return VisitAbstractConditionalOperator(e); }
  Path VisitBinaryConditionalOperator(const BinaryConditionalOperator *e) {
    b.bindOpaque(e->getOpaqueValue());
    return VisitAbstractConditionalOperator(e);
  }
  Path VisitCastExpr(const CastExpr *e);
  Path VisitCallExpr(const CallExpr *e) { return pointee(b.call(e, nullptr), e); }
  Path VisitCoroutineSuspendExpr(const CoroutineSuspendExpr *e) {
    return pointee(lowerSuspend(b, e, nullptr), e);
  }
  Path VisitVAArgExpr(const VAArgExpr *e) {
    b.effect(e->getSubExpr());
    return nowhere(e->getExprLoc());
  }
  Path VisitCXXThrowExpr(const CXXThrowExpr *e) {
    b.effect(e);
    return nowhere(e->getExprLoc());
  }
  Path VisitExtVectorElementExpr(const ExtVectorElementExpr *e) { return b.place(e->getBase()); }

private:
  Body &b;
};

Path PlaceLowering::VisitDeclRefExpr(const DeclRefExpr *e) {
  const ValueDecl *decl = e->getDecl();
  if (auto it = b.places.find(cast<ValueDecl>(decl->getCanonicalDecl())); it != b.places.end())
    return it->second;
  if (auto *binding = dyn_cast<BindingDecl>(decl)) {
    if (const VarDecl *holding = binding->getHoldingVar(); holding && b.places.contains(holding))
      return b.places[holding];
    if (binding->getBinding())
      return b.place(binding->getBinding());
  }
  if (auto *variable = dyn_cast<VarDecl>(decl)) {
    if (!variable->hasGlobalStorage()) {
      if (const Expr *init = variable->getAnyInitializer();
          init && variable->isUsableInConstantExpressions(b.ast))
        return b.materialize(init, e->getExprLoc()); // a constant that needed no capture
      b.unit.countUnhandled("local variable from elsewhere");
      return nowhere(e->getExprLoc());
    }
    Path path{ir::RootKind::Global, b.unit.global(variable), {}};
    if (!variable->getType()->isReferenceType())
      return path;
    return pointee(b.load(path, variable->getType(), e->getExprLoc()), e);
  }
  if (auto *object = dyn_cast<TemplateParamObjectDecl>(decl);
      object || isa<MSGuidDecl, UnnamedGlobalConstantDecl>(decl))
    return nowhere(e->getExprLoc());
  if (auto *callee = dyn_cast<FunctionDecl>(decl))
    return b.deref(b.functionOperand(callee), {}, e->getExprLoc());
  return VisitStmt(e);
}

Path PlaceLowering::VisitMemberExpr(const MemberExpr *e) {
  auto *field = dyn_cast<FieldDecl>(e->getMemberDecl());
  if (!field) { // a static member reached through an object
    b.effect(e->getBase());
    auto *variable = dyn_cast<VarDecl>(e->getMemberDecl());
    if (!variable)
      return VisitStmt(e);
    Path path{ir::RootKind::Global, b.unit.global(variable), {}};
    return variable->getType()->isReferenceType()
               ? pointee(b.load(path, variable->getType(), e->getExprLoc()), e)
               : path;
  }
  Path path = e->isArrow() ? b.deref(b.value(e->getBase()), e->getBase()->getType(), e->getExprLoc())
                           : b.place(e->getBase());
  path.proj.push_back(b.unit.field(field));
  if (field->getType()->isReferenceType())
    return pointee(b.load(path, field->getType(), e->getExprLoc()), e);
  return path;
}

Path PlaceLowering::VisitMaterializeTemporaryExpr(const MaterializeTemporaryExpr *e) {
  SourceLocation location = e->getExprLoc();
  QualType type = e->getType();
  StorageDuration duration = e->getStorageDuration();
  if (duration == SD_Static ||
      duration == SD_Thread) { // bound to a global reference: never destroyed before exit
    Path path = b.temporary(type, location);
    b.initialize(path, type, e->getSubExpr());
    return path;
  }
  if (duration != SD_Automatic)
    return b.materialize(e->getSubExpr(), location);
  Path path = b.temporary(type, location);
  b.initialize(path, type, e->getSubExpr());
  Id before = b.top;
  b.pushDestroy(path, type, location, /*fullExpression=*/true);
  if (b.top != before) {
    b.extended.push_back(b.cleanups[b.top]);
    b.cleanups[b.top].exceptionOnly = true;
  }
  return path;
}

Path PlaceLowering::VisitCompoundLiteralExpr(const CompoundLiteralExpr *e) {
  Path path = b.temporary(e->getType(), e->getExprLoc());
  b.initialize(path, e->getType(), e->getInitializer());
  if (b.ast.getLangOpts().CPlusPlus)
    b.pushDestroy(path, e->getType(), e->getExprLoc(), true);
  return path;
}

Path PlaceLowering::VisitArraySubscriptExpr(const ArraySubscriptExpr *e) {
  auto *decay = dyn_cast<ImplicitCastExpr>(e->getBase()->IgnoreParens());
  if (decay && decay->getCastKind() == CK_ArrayToPointerDecay) {
    Path array = b.place(decay->getSubExpr());
    return b.indexed(array, b.value(e->getIdx()));
  }
  if (e->getBase()->getType()->isVectorType())
    return b.indexed(b.place(e->getBase()), b.value(e->getIdx()));
  Operand pointer = b.value(e->getBase());
  Operand index = b.value(e->getIdx());
  Path path = b.deref(pointer, e->getBase()->getType(), e->getExprLoc());
  bool first = index.kind == ir::OperandKind::Integer && index.integer == 0;
  return first ? path : b.indexed(path, index);
}

Path PlaceLowering::VisitUnaryOperator(const UnaryOperator *e) {
  switch (e->getOpcode()) {
  case UO_Deref:
    return b.deref(b.value(e->getSubExpr()), e->getSubExpr()->getType(), e->getExprLoc());
  case UO_PreInc:
  case UO_PreDec: {
    Path path = b.place(e->getSubExpr());
    ir::Inst &inst = b.emit(ir::Op::Rmw, e->getOperatorLoc());
    inst.path = path;
    inst.arithmetic = e->isIncrementOp() ? ir::Arithmetic::Add : ir::Arithmetic::Sub;
    inst.args = {Body::integer(1)};
    setAccessKind(inst, e->getSubExpr()->getType());
    b.define(inst);
    return path;
  }
  default: // __extension__, __real, __imag
    return b.place(e->getSubExpr());
  }
}

Path PlaceLowering::VisitBinaryOperator(const BinaryOperator *e) {
  switch (e->getOpcode()) {
  case BO_Comma:
    b.effect(e->getLHS());
    return b.place(e->getRHS());
  case BO_Assign: {
    QualType type = e->getLHS()->getType();
    if (type->isRecordType())
      return b.assignObject(e);
    Operand right = b.value(e->getRHS());
    Path to = b.place(e->getLHS());
    b.store(to, right, type, e->getOperatorLoc());
    return to;
  }
  case BO_PtrMemD:
  case BO_PtrMemI: { // some member of the object
    Path path = e->getOpcode() == BO_PtrMemD
                    ? b.place(e->getLHS())
                    : b.deref(b.value(e->getLHS()), e->getLHS()->getType(), e->getExprLoc());
    b.value(e->getRHS());
    return b.indexed(path, Body::unknown());
  }
  default:
    return VisitStmt(e);
  }
}

Path PlaceLowering::VisitAbstractConditionalOperator(const AbstractConditionalOperator *e) {
  Id yes = b.newBlock(), no = b.newBlock(), done = b.newBlock();
  QualType pointer = b.ast.getPointerType(e->getType());
  Path chosen = b.temporary(pointer, e->getExprLoc());
  ConditionalPart part(b);
  b.condition(e->getCond(), yes, no);
  part.begin();
  for (auto [block, arm] : {std::pair(yes, e->getTrueExpr()), std::pair(no, e->getFalseExpr())}) {
    b.enter(block);
    if (isa<CXXThrowExpr>(arm->IgnoreParens())) {
      b.effect(arm);
      continue;
    }
    Operand address = b.bind(arm);
    if (b.reachable()) {
      b.store(chosen, address, pointer, arm->getExprLoc());
      b.jump(done);
    }
  }
  b.enter(done);
  return pointee(b.load(chosen, pointer, e->getExprLoc()), e);
}

Path PlaceLowering::VisitCastExpr(const CastExpr *e) {
  switch (e->getCastKind()) {
  case CK_DerivedToBase:
  case CK_UncheckedDerivedToBase: {
    Path path = b.place(e->getSubExpr());
    for (const CXXBaseSpecifier *base : e->path())
      if (auto *record = base->getType()->getAsCXXRecordDecl())
        path.proj.push_back(b.unit.base(record));
    return path;
  }
  case CK_BaseToDerived:
  case CK_Dynamic:
  case CK_LValueBitCast: {
    Operand address = b.bind(e->getSubExpr());
    QualType type = b.ast.getPointerType(e->getType());
    return b.deref(b.copy(address, type, e->getExprLoc()), type, e->getExprLoc());
  }
  default: // NoOp and conversions to a class, which is then materialised
    return b.place(e->getSubExpr());
  }
}
} // namespace

Path Body::place(const Expr *e) {
  if (e->isPRValue())
    return materialize(e, e->getExprLoc());
  return PlaceLowering(*this).Visit(e);
}

Path Body::materialize(const Expr *e, SourceLocation location) {
  QualType type = e->getType();
  Path path = temporary(type, location);
  initialize(path, type, e);
  pushDestroy(path, type, location, /*fullExpression=*/true);
  return path;
}

/// The function that a glvalue of function type names, null if it is computed.
static const FunctionDecl *namedFunction(const Expr *e) {
  e = e->IgnoreParens();
  if (auto *reference = dyn_cast<DeclRefExpr>(e))
    return dyn_cast<FunctionDecl>(reference->getDecl());
  if (auto *member = dyn_cast<MemberExpr>(e))
    return dyn_cast<FunctionDecl>(member->getMemberDecl());
  return nullptr;
}

Operand Body::bind(const Expr *e) {
  if (const FunctionDecl *callee = namedFunction(e))
    return functionOperand(callee);
  return addressOf(place(e), e->getType(), e->getExprLoc());
}

void Body::bindOpaque(const OpaqueValueExpr *e) {
  const Expr *source = e->getSourceExpr();
  if (e->isGLValue() || source->getType()->isRecordType())
    opaquePlaces[e] = place(source);
  else
    opaqueValues[e] = value(source);
}

} // namespace gordian::lower
