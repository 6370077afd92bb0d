// SPDX-License-Identifier: MIT
//
// Expressions that build a class or an array in storage which is given: guaranteed elision is the rule, and a
// copy is made only where the program makes one.
#include "source/lower/atomics.h"
#include "source/lower/body.h"
#include "source/lower/coroutines.h"

using namespace clang;

namespace gordian::lower {

namespace {
class ObjectLowering : public ConstStmtVisitor<ObjectLowering> {
public:
  ObjectLowering(Body &body, const Path &path) : b(body), into(path) {}

  void VisitStmt(const Stmt *s) { b.unit.countUnhandled(s->getStmtClassName()); }

  // Wrappers
  void VisitParenExpr(const ParenExpr *e) { b.object(e->getSubExpr(), into); }
  void VisitConstantExpr(const ConstantExpr *e) { b.object(e->getSubExpr(), into); }
  void VisitExprWithCleanups(const ExprWithCleanups *e) { b.object(e->getSubExpr(), into); }
  void VisitCXXBindTemporaryExpr(const CXXBindTemporaryExpr *e) { b.object(e->getSubExpr(), into); }
  void VisitMaterializeTemporaryExpr(const MaterializeTemporaryExpr *e) { b.object(e->getSubExpr(), into); }
  void VisitCXXDefaultArgExpr(const CXXDefaultArgExpr *e) { b.object(e->getExpr(), into); }
  void VisitCXXDefaultInitExpr(const CXXDefaultInitExpr *e) { b.object(e->getExpr(), into); }
  void VisitSubstNonTypeTemplateParmExpr(const SubstNonTypeTemplateParmExpr *e) {
    b.object(e->getReplacement(), into);
  }
  void VisitGenericSelectionExpr(const GenericSelectionExpr *e) { b.object(e->getResultExpr(), into); }
  void VisitChooseExpr(const ChooseExpr *e) { b.object(e->getChosenSubExpr(), into); }
  void VisitPackIndexingExpr(const PackIndexingExpr *e) { b.object(e->getSelectedExpr(), into); }
  void VisitCXXRewrittenBinaryOperator(const CXXRewrittenBinaryOperator *e) {
    b.object(e->getSemanticForm(), into);
  }
  void VisitOpaqueValueExpr(const OpaqueValueExpr *e) {
    if (auto it = b.opaquePlaces.find(e); it != b.opaquePlaces.end())
      b.copyObject(into, it->second, e->getType(), e->getExprLoc());
    else if (e->getSourceExpr())
      b.object(e->getSourceExpr(), into);
  }
  void VisitPseudoObjectExpr(const PseudoObjectExpr *e);
  void VisitStmtExpr(const StmtExpr *e);
  void VisitRecoveryExpr(const RecoveryExpr *) {}

  // Calls and constructions
  void VisitCallExpr(const CallExpr *e) { b.call(e, &into); }
  void VisitCXXConstructExpr(const CXXConstructExpr *e) { b.construct(e, into); }
  void VisitCXXInheritedCtorInitExpr(const CXXInheritedCtorInitExpr *e) {
    std::vector<Operand> args{b.addressOf(into, e->getType(), e->getExprLoc(), false)};
    for (unsigned i = 1; i <= e->getConstructor()->getNumParams(); ++i)
      args.push_back(Body::parameter(i)); // an inheriting constructor hands its own parameters on
    b.directCall(e->getConstructor(), std::move(args), e->getExprLoc(), /*implicit=*/true);
  }
  void VisitLambdaExpr(const LambdaExpr *e);
  void VisitCoroutineSuspendExpr(const CoroutineSuspendExpr *e) { lowerSuspend(b, e, &into); }
  void VisitAtomicExpr(const AtomicExpr *e) { lowerAtomic(b, e); }
  void VisitVAArgExpr(const VAArgExpr *e) { b.effect(e->getSubExpr()); }
  void VisitBuiltinBitCastExpr(const BuiltinBitCastExpr *e) { b.effect(e->getSubExpr()); }

  // Lists
  void VisitInitListExpr(const InitListExpr *e);
  void VisitCXXParenListInitExpr(const CXXParenListInitExpr *e) {
    aggregate(e->getType(), e->getInitExprs(), nullptr);
  }
  void VisitDesignatedInitUpdateExpr(const DesignatedInitUpdateExpr *e) {
    b.object(e->getBase(), into);
    b.object(e->getUpdater(), into);
  }
  void VisitNoInitExpr(const NoInitExpr *) {}
  void VisitImplicitValueInitExpr(const ImplicitValueInitExpr *e) {
    zeroInitialize(e->getType(), e->getExprLoc());
  }
  void VisitCXXScalarValueInitExpr(const CXXScalarValueInitExpr *) {}
  void VisitStringLiteral(const StringLiteral *) {} // an array of characters
  void VisitPredefinedExpr(const PredefinedExpr *) {}
  void VisitArrayInitLoopExpr(const ArrayInitLoopExpr *e) {
    b.bindOpaque(e->getCommonExpr());
    b.initialize(b.indexed(into, Body::unknown()), e->getSubExpr()->getType(), e->getSubExpr());
  }
  void VisitCXXStdInitializerListExpr(const CXXStdInitializerListExpr *e) {
    b.store(into, b.bind(e->getSubExpr()), {}, e->getExprLoc());
  }

  // Operators and casts
  void VisitBinaryOperator(const BinaryOperator *e) {
    if (e->getOpcode() == BO_Comma) {
      b.effect(e->getLHS());
      return b.object(e->getRHS(), into);
    }
    if (e->getOpcode() != BO_Assign)
      return VisitStmt(e);
    b.copyObject(into, b.assignObject(e), e->getType(),
                 e->getOperatorLoc()); // C: the value of a struct assignment
  }
  void VisitAbstractConditionalOperator(const AbstractConditionalOperator *e);
  void VisitConditionalOperator(const ConditionalOperator *e) { VisitAbstractConditionalOperator(e); }
  void VisitBinaryConditionalOperator(const BinaryConditionalOperator *e) {
    b.bindOpaque(e->getOpaqueValue());
    VisitAbstractConditionalOperator(e);
  }
  void VisitCastExpr(const CastExpr *e) {
    if (e->getCastKind() == CK_ToUnion)
      return unionMember(e);
    b.object(e->getSubExpr(), into);
  }
  /// GNU C: (union u)x
  void unionMember(const CastExpr *e) {
    const FieldDecl *field = e->getTargetUnionField();
    b.initialize(memberPath(field), field->getType(), e->getSubExpr());
  }
  void VisitUnaryExtension(const UnaryOperator *e) { b.object(e->getSubExpr(), into); }
  void VisitUnaryCoawait(const UnaryOperator *e) { b.object(e->getSubExpr(), into); }
  void VisitCXXThrowExpr(const CXXThrowExpr *e) { b.effect(e); }

private:
  void aggregate(QualType type, ArrayRef<Expr *> inits, const InitListExpr *list);
  void arrayElements(const InitListExpr *list, QualType element);
  void zeroInitialize(QualType type, SourceLocation location);
  Path memberPath(const FieldDecl *field) {
    Path path = into;
    path.proj.push_back(b.unit.field(field));
    return path;
  }

  Body &b;
  Path into;
};

void ObjectLowering::VisitPseudoObjectExpr(const PseudoObjectExpr *e) {
  for (const Expr *part : e->semantics()) {
    if (auto *opaque = dyn_cast<OpaqueValueExpr>(part))
      b.bindOpaque(opaque);
    else if (part == e->getResultExpr())
      b.object(part, into);
    else
      b.effect(part);
  }
}

void ObjectLowering::VisitStmtExpr(const StmtExpr *e) {
  Id mark = b.top;
  const CompoundStmt *body = e->getSubStmt();
  const Stmt *last = body->getStmtExprResult();
  for (const Stmt *s : body->body()) {
    if (auto *result = s == last ? dyn_cast<Expr>(last) : nullptr)
      b.object(result, into);
    else
      b.statement(s);
  }
  b.leaveTo(mark, body->getRBracLoc());
}

void ObjectLowering::VisitAbstractConditionalOperator(const AbstractConditionalOperator *e) {
  Id yes = b.newBlock(), no = b.newBlock(), done = b.newBlock();
  ConditionalPart part(b);
  b.condition(e->getCond(), yes, no);
  part.begin();
  for (auto [block, arm] : {std::pair(yes, e->getTrueExpr()), std::pair(no, e->getFalseExpr())}) {
    b.enter(block);
    b.object(arm, into);
    b.jumpIfReachable(done);
  }
  b.enter(done);
}

/// Scalars in classes become 0, so that flags and pointers have a value; arrays are left alone.
void ObjectLowering::zeroInitialize(QualType type, SourceLocation location) {
  const RecordDecl *record = type->getAsRecordDecl();
  if (!record || record->isUnion() || b.unit.places.isSystem(record))
    return;
  for (const FieldDecl *field : record->fields()) {
    if (field->isUnnamedBitField())
      continue;
    Path path = memberPath(field);
    if (field->getType()->isScalarType())
      b.store(path, b.zero(field->getType()), field->getType(), location);
    else
      ObjectLowering(b, path).zeroInitialize(field->getType(), location);
  }
}

void ObjectLowering::VisitInitListExpr(const InitListExpr *given) {
  const InitListExpr *e = given->isSemanticForm() ? given : given->getSemanticForm();
  e = e ? e : given;
  if (e->isTransparent())
    return b.object(e->getInit(0), into);
  if (auto *array = b.ast.getAsArrayType(e->getType()))
    return arrayElements(e, array->getElementType());
  aggregate(e->getType(), ArrayRef(const_cast<InitListExpr *>(e)->getInits(), e->getNumInits()), e);
}

void ObjectLowering::arrayElements(const InitListExpr *list, QualType element) {
  constexpr unsigned mostNumbers = 64; // local tables of numbers
  if (list->getNumInits() > mostNumbers && element->isArithmeticType())
    return;
  for (unsigned i = 0; i != list->getNumInits(); ++i)
    if (list->getInit(i))
      b.initialize(b.indexed(into, Body::integer(i)), element, list->getInit(i));
  if (const Expr *filler = list->getArrayFiller(); filler && element->isRecordType())
    b.initialize(b.indexed(into, Body::unknown()), element, filler);
}

void ObjectLowering::aggregate(QualType type, ArrayRef<Expr *> inits, const InitListExpr *list) {
  const RecordDecl *record = type->getAsRecordDecl();
  if (!record) {
    for (const Expr *init : inits)
      b.effect(init);
    return;
  }
  if (const FieldDecl *only = list ? list->getInitializedFieldInUnion() : nullptr)
    return inits.empty() ? void() : b.initialize(memberPath(only), only->getType(), inits[0]);
  size_t next = 0;
  if (auto *cxx = dyn_cast<CXXRecordDecl>(record)) {
    for (const CXXBaseSpecifier &base : cxx->bases()) {
      if (next >= inits.size())
        break;
      Path path = into;
      path.proj.push_back(b.unit.base(base.getType()->getAsCXXRecordDecl()));
      b.initialize(path, base.getType(), inits[next++]);
    }
  }
  for (const FieldDecl *field : record->fields()) {
    if (next >= inits.size())
      break;
    if (field->isUnnamedBitField())
      continue;
    Operand outer = b.self;
    if (isa<CXXDefaultInitExpr>(inits[next])) // speaks of the object that is being built
      b.self = b.addressOf(into, type, inits[next]->getExprLoc(), /*escapes=*/false);
    b.initialize(memberPath(field), field->getType(), inits[next++]);
    b.self = outer;
  }
}

void ObjectLowering::VisitLambdaExpr(const LambdaExpr *e) {
  const CXXRecordDecl *closure = e->getLambdaClass();
  b.unit.klass(closure);
  auto field = closure->field_begin();
  for (const Expr *init : e->capture_inits()) {
    if (init)
      b.initialize(memberPath(*field), field->getType(), init);
    ++field;
  }
  const CXXMethodDecl *callOperator = closure->getLambdaCallOperator();
  if (!closure->isGenericLambda()) {
    b.unit.function(callOperator);
    return;
  }
  for (const FunctionDecl *instance : callOperator->getDescribedFunctionTemplate()->specializations())
    b.unit.function(instance);
}
} // namespace

Path Body::assignObject(const BinaryOperator *e) {
  const Expr *source = e->getRHS()->IgnoreParens();
  auto *read = dyn_cast<ImplicitCastExpr>(source);
  Path to;
  if (read && read->getCastKind() == CK_LValueToRValue) {
    Path from = place(read->getSubExpr());
    to = place(e->getLHS());
    copyObject(to, from, e->getType(), e->getOperatorLoc());
  } else { // what is made just now is made in place
    to = place(e->getLHS());
    object(source, to);
  }
  return to;
}

void Body::object(const Expr *e, const Path &into) {
  if (auto *literal = dyn_cast<CompoundLiteralExpr>(e->IgnoreParens()))
    return object(literal->getInitializer(), into);
  if (!e->isGLValue() || isa<MaterializeTemporaryExpr>(e))
    return ObjectLowering(*this, into).Visit(e);
  copyObject(into, place(e), e->getType(), e->getExprLoc());
}

void Body::initialize(const Path &into, QualType type, const Expr *init) {
  if (type->isReferenceType())
    return store(into, bind(init), type, init->getExprLoc());
  if (type->isRecordType() || type->isArrayType())
    return object(init, into);
  Operand what = value(init);
  if (reachable())
    store(into, what, type.getUnqualifiedType(), init->getExprLoc());
}

} // namespace gordian::lower
