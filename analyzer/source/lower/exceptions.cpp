// SPDX-License-Identifier: MIT
#include "source/lower/exceptions.h"

using namespace clang;

namespace gordian::lower {

static std::string caughtType(Body &b, const CXXCatchStmt *handler) {
  QualType type = handler->getCaughtType();
  return type.isNull() ? "..." : b.unit.names.typeName(type.getNonReferenceType());
}

static void lowerHandler(Body &b, const CXXCatchStmt *handler, Id after, bool rethrows) {
  Id mark = b.top;
  if (const VarDecl *variable = handler->getExceptionDecl()) {
    QualType type = variable->getType().getNonReferenceType();
    Path path{ir::RootKind::Local, b.newLocal(variable->getName(), type, variable->getLocation(), false), {}};
    b.places[variable] = path; // a caught reference is the exception object itself
    if (!variable->getType()->isReferenceType())
      b.pushDestroy(path, type, variable->getLocation(), /*fullExpression=*/false);
  }
  b.statement(handler->getHandlerBlock());
  b.leaveTo(mark, handler->getEndLoc());
  if (!b.reachable())
    return;
  if (!rethrows)
    return b.jump(after);
  Id landing = b.currentLanding();
  ir::Terminator &term = b.end(ir::TermKind::Throw, handler->getEndLoc());
  if (landing != kNone)
    term.successors = {landing};
}

void lowerUnderHandlers(Body &b, const CXXTryStmt *s, bool rethrows, llvm::function_ref<void()> body) {
  Id mark = b.top;
  Id dispatch = b.newBlock(), after = b.newBlock();
  Cleanup handlers;
  handlers.kind = Cleanup::Kind::Handlers;
  handlers.landing = dispatch;
  handlers.location = s->getTryLoc();
  b.push(std::move(handlers));
  body();
  b.leaveTo(mark, s->getTryBlock()->getRBracLoc());
  b.jumpIfReachable(after);

  ir::Terminator term;
  term.kind = ir::TermKind::Dispatch;
  term.loc = b.unit.places.loc(s->getTryLoc());
  bool catchesAll = false;
  for (unsigned i = 0; i != s->getNumHandlers(); ++i) {
    const CXXCatchStmt *handler = s->getHandler(i);
    Id block = b.newBlock();
    term.handlers.push_back(caughtType(b, handler));
    term.successors.push_back(block);
    catchesAll |= handler->getCaughtType().isNull();
    b.enter(block);
    lowerHandler(b, handler, after, rethrows);
  }
  if (!catchesAll) {
    Id outer = b.currentLanding();
    if (outer == kNone) {
      outer = b.newBlock();
      b.enter(outer);
      b.end(ir::TermKind::Unwind, {});
    }
    term.successors.push_back(outer);
  }
  b.blocks[dispatch].term = std::move(term);
  b.enter(after);
}

void lowerTry(Body &b, const CXXTryStmt *s) {
  lowerUnderHandlers(b, s, /*rethrows=*/false, [&] { b.statement(s->getTryBlock()); });
}

void lowerThrow(Body &b, const CXXThrowExpr *e) {
  SourceLocation location = e->getThrowLoc();
  if (const Expr *thrown = e->getSubExpr()) {
    QualType type = thrown->getType();
    if (type->isRecordType())
      b.object(thrown, b.temporary(type, location)); // the runtime owns it from here on
    else
      b.value(thrown);
  }
  Id landing = b.currentLanding();
  ir::Terminator &term = b.end(ir::TermKind::Throw, location);
  if (landing != kNone)
    term.successors = {landing};
}

} // namespace gordian::lower
