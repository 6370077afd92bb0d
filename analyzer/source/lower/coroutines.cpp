// SPDX-License-Identifier: MIT
#include "source/lower/coroutines.h"

#include "source/lower/exceptions.h"

using namespace clang;

namespace gordian::lower {

Operand lowerSuspend(Body &b, const CoroutineSuspendExpr *e, const Path *into) {
  SourceLocation location = e->getKeywordLoc();
  b.bindOpaque(e->getOpaqueValue());
  Id suspended = b.newBlock(), resumed = b.newBlock();
  ConditionalPart part(b);
  b.condition(e->getReadyExpr(), resumed, suspended);
  part.begin();
  b.enter(suspended);
  if (e->getSuspendExpr())
    b.effect(e->getSuspendExpr());
  b.emit(ir::Op::Await, location);
  b.jumpIfReachable(resumed);
  b.enter(resumed);
  const Expr *result = e->getResumeExpr();
  if (!result)
    return Body::unknown();
  if (into && result->getType()->isRecordType() && result->isPRValue()) {
    b.object(result, *into);
    return Body::unknown();
  }
  if (result->getType()->isVoidType()) {
    b.effect(result);
    return Body::unknown();
  }
  return b.value(result);
}

void lowerCoreturn(Body &b, const CoreturnStmt *s) {
  if (const Expr *operand = s->getOperand(); operand && operand->getType()->isVoidType())
    b.statement(operand);
  if (s->getPromiseCall())
    b.statement(s->getPromiseCall());
  b.leaveFunction(nullptr, {}, s->getKeywordLoc());
}

static void runBody(Body &b, const CoroutineBodyStmt *s) {
  Id mark = b.top;
  Id final = b.newBlock();
  b.coroutineExit = {final, b.top};
  b.statement(s->getBody());
  if (s->getFallthroughHandler() && b.reachable())
    b.statement(s->getFallthroughHandler());
  b.leaveTo(mark, s->getEndLoc());
  b.jumpIfReachable(final);
  b.enter(final);
  b.coroutineExit = {};
}

/// What happens to an exception that leaves the body: promise.unhandled_exception(), then the final suspend.
static void runGuarded(Body &b, const CoroutineBodyStmt *s) {
  if (!s->getExceptionHandler())
    return runBody(b, s);
  Id mark = b.top;
  Id dispatch = b.newBlock(), after = b.newBlock();
  Cleanup handlers;
  handlers.kind = Cleanup::Kind::Handlers;
  handlers.landing = dispatch;
  handlers.location = s->getBeginLoc();
  b.push(std::move(handlers));
  runBody(b, s);
  b.leaveTo(mark, s->getEndLoc());
  b.jumpIfReachable(after);
  Id handler = b.newBlock();
  b.enter(handler);
  b.statement(s->getExceptionHandler());
  b.jumpIfReachable(after);
  ir::Terminator &term = b.blocks[dispatch].term;
  term.kind = ir::TermKind::Dispatch;
  term.handlers = {"..."};
  term.successors = {handler};
  b.enter(after);
}

void lowerCoroutine(Body &b, const CoroutineBodyStmt *s) {
  Id mark = b.top;
  for (const Stmt *move : s->getParamMoves())
    if (move)
      b.statement(move);
  if (s->getPromiseDeclStmt())
    b.statement(s->getPromiseDeclStmt());
  if (s->getReturnValueInit() && b.resultLocal != kNone &&
      s->getReturnValueInit()->getType()->isRecordType()) {
    FullExpression full(b);
    b.object(s->getReturnValueInit(), Path{ir::RootKind::Local, b.resultLocal, {}});
    full.end(s->getBeginLoc());
  } else if (s->getResultDecl()) {
    b.statement(s->getResultDecl());
  }
  if (s->getInitSuspendStmt())
    b.statement(s->getInitSuspendStmt());
  runGuarded(b, s);
  if (s->getFinalSuspendStmt() && b.reachable())
    b.statement(s->getFinalSuspendStmt());
  b.leaveTo(mark, s->getEndLoc());
}

} // namespace gordian::lower
