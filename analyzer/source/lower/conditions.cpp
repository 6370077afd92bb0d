// SPDX-License-Identifier: MIT
//
// Conditions and effects. A condition becomes control flow right away: && and || are never a value where a
// branch uses them, so that `if (m.try_lock() && ready)` keeps the result of try_lock apart on its paths.
#include "source/lower/body.h"

using namespace clang;

namespace gordian::lower {

/// Constant without being written as a literal: if constexpr, sizeof(x) > 4, a template argument.
static std::optional<bool> constantCondition(const Expr *e, ASTContext &ast) {
  bool result = false;
  const Expr *plain = e->IgnoreParenImpCasts();
  bool worthTrying = !isa<CallExpr, MemberExpr, CXXConstructExpr>(plain) || isa<ConstantExpr>(e);
  if (worthTrying && !e->isValueDependent() && !e->containsErrors() &&
      e->EvaluateAsBooleanCondition(result, ast) && !e->HasSideEffects(ast))
    return result;
  return std::nullopt;
}

namespace {
class ConditionLowering {
public:
  ConditionLowering(Body &body, Id whenTrue, Id whenFalse) : b(body), yes(whenTrue), no(whenFalse) {}

  void lower(const Expr *e) {
    if (auto known = constantCondition(e, b.ast))
      return b.jump(*known ? yes : no);
    const Expr *plain = e->IgnoreParens();
    if (auto *cast = dyn_cast<CastExpr>(plain)) // to bool: the branch itself does that
      if (cast->getCastKind() == CK_IntegralToBoolean || cast->getCastKind() == CK_IntegralCast ||
          cast->getCastKind() == CK_UserDefinedConversion || cast->getCastKind() == CK_NoOp)
        if (cast->getSubExpr()->isPRValue() && !cast->getSubExpr()->getType()->isRecordType())
          return lower(cast->getSubExpr());
    if (auto *full = dyn_cast<ExprWithCleanups>(plain))
      return withCleanups(full);
    if (auto *unary = dyn_cast<UnaryOperator>(plain); unary && unary->getOpcode() == UO_LNot)
      return b.condition(unary->getSubExpr(), no, yes);
    if (auto *binary = dyn_cast<BinaryOperator>(plain))
      if (binary->isLogicalOp())
        return logical(binary);
    if (auto *binary = dyn_cast<BinaryOperator>(plain); binary && binary->getOpcode() == BO_Comma) {
      b.effect(binary->getLHS());
      return b.condition(binary->getRHS(), yes, no);
    }
    if (isExpectation(plain))
      return b.condition(cast<CallExpr>(plain)->getArg(0), yes, no);
    Operand value = b.value(e);
    b.branch(value, yes, no, e->getExprLoc());
  }

private:
  static bool isExpectation(const Expr *e) {
    auto *call = dyn_cast<CallExpr>(e);
    return call && (call->getBuiltinCallee() == Builtin::BI__builtin_expect ||
                    call->getBuiltinCallee() == Builtin::BI__builtin_expect_with_probability);
  }

  /// Both ways out destroy the temporaries, so that the outcome is not squeezed through a variable.
  void withCleanups(const ExprWithCleanups *e) {
    FullExpression full(b);
    Id mark = full.mark();
    Id yesInside = b.newBlock(), noInside = b.newBlock();
    b.condition(e->getSubExpr(), yesInside, noInside);
    Id inner = b.top;
    for (auto [inside, outside] : {std::pair(yesInside, yes), std::pair(noInside, no)}) {
      b.enter(inside);
      b.emitCleanups(inner, mark, e->getEndLoc());
      b.jump(outside);
    }
    full.end(e->getEndLoc()); // no block is at hand: nothing is emitted
  }

  void logical(const BinaryOperator *e) {
    Id rest = b.newBlock();
    ConditionalPart part(b);
    if (e->getOpcode() == BO_LAnd)
      b.condition(e->getLHS(), rest, no);
    else
      b.condition(e->getLHS(), yes, rest);
    part.begin();
    b.enter(rest);
    b.condition(e->getRHS(), yes, no);
  }

  Body &b;
  Id yes, no;
};
} // namespace

void Body::condition(const Expr *e, Id yes, Id no) {
  ConditionLowering(*this, yes, no).lower(e);
}

namespace {
/// Expressions whose result nobody wants.
class EffectLowering {
public:
  explicit EffectLowering(Body &body) : b(body) {}

  void lower(const Expr *e) {
    const Expr *plain = e->IgnoreParens();
    if (auto *full = dyn_cast<ExprWithCleanups>(plain))
      return b.effect(full->getSubExpr());
    if (auto *cast = dyn_cast<CastExpr>(plain); cast && cast->getCastKind() == CK_ToVoid)
      return b.effect(cast->getSubExpr());
    if (auto *choice = dyn_cast<AbstractConditionalOperator>(plain))
      return conditional(choice);
    if (auto *binary = dyn_cast<BinaryOperator>(plain)) {
      if (binary->isLogicalOp())
        return logical(binary);
      if (binary->getOpcode() == BO_Comma) {
        b.effect(binary->getLHS());
        return b.effect(binary->getRHS());
      }
      if (binary->getOpcode() == BO_Assign && binary->getType()->isRecordType()) {
        b.assignObject(binary);
        return;
      }
    }
    if (auto *statement = dyn_cast<StmtExpr>(plain); statement && statement->getType()->isVoidType()) {
      b.statement(statement->getSubStmt());
      return;
    }
    if (isa<DeclRefExpr, IntegerLiteral, CXXThisExpr, StringLiteral>(plain))
      return;
    plainEffect(plain);
  }

private:
  void plainEffect(const Expr *e) {
    if (e->isGLValue()) {
      if (auto *call = dyn_cast<CallExpr>(e))
        b.call(call, nullptr);
      else
        b.place(e);
    } else if (e->getType()->isRecordType() || e->getType()->isArrayType()) {
      b.materialize(e, e->getExprLoc());
    } else {
      b.value(e);
    }
  }

  void conditional(const AbstractConditionalOperator *e) {
    if (auto *binary = dyn_cast<BinaryConditionalOperator>(e))
      b.bindOpaque(binary->getOpaqueValue());
    Id yes = b.newBlock(), no = b.newBlock(), done = b.newBlock();
    ConditionalPart part(b);
    b.condition(e->getCond(), yes, no);
    part.begin();
    for (auto [block, arm] : {std::pair(yes, e->getTrueExpr()), std::pair(no, e->getFalseExpr())}) {
      b.enter(block);
      b.effect(arm);
      b.jumpIfReachable(done);
    }
    b.enter(done);
  }

  void logical(const BinaryOperator *e) {
    Id rest = b.newBlock(), done = b.newBlock();
    ConditionalPart part(b);
    b.condition(e->getLHS(), e->getOpcode() == BO_LAnd ? rest : done,
                e->getOpcode() == BO_LAnd ? done : rest);
    part.begin();
    b.enter(rest);
    b.effect(e->getRHS());
    b.jumpIfReachable(done);
    b.enter(done);
  }

  Body &b;
};
} // namespace

void Body::effect(const Expr *e) {
  EffectLowering(*this).lower(e);
}

} // namespace gordian::lower
