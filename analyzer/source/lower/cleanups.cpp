// SPDX-License-Identifier: MIT
//
// What has to be undone, on the way out of a scope and when an exception passes.
//
// Landing blocks are made on demand, one for each cleanup, and chain to their parents': a function with n
// live objects has at most n of them however many calls may throw. Exceptions thrown by destructors while an
// exception passes end the program, so that calls in landing blocks have no landing of their own.
#include "source/lower/body.h"

using namespace clang;

namespace gordian::lower {

Id Body::push(Cleanup cleanup) {
  cleanup.parent = top;
  bool outer = top != kNone && cleanups[top].handled;
  cleanup.handled = outer || cleanup.kind == Cleanup::Kind::Handlers;
  cleanups.push_back(std::move(cleanup));
  return top = Id(cleanups.size() - 1);
}

void Body::pushDestroy(const Path &path, QualType type, SourceLocation location, bool fullExpression) {
  if (type.isDestructedType() != QualType::DK_cxx_destructor || unit.library.isInert(type))
    return;
  Cleanup cleanup;
  cleanup.path = path;
  cleanup.type = type;
  cleanup.location = location;
  if (fullExpression && conditional.block != kNone) {
    cleanup.flag = newLocal("", ast.BoolTy, location, true);
    ir::Inst clear;
    clear.op = ir::Op::Store;
    clear.loc = unit.places.loc(location);
    clear.path = {ir::RootKind::Local, cleanup.flag, {}};
    clear.args = {integer(0)};
    auto &insts = blocks[conditional.block].insts;
    insts.insert(insts.begin() + long(conditional.instruction), std::move(clear));
    store({ir::RootKind::Local, cleanup.flag, {}}, integer(1), ast.BoolTy, location);
  }
  push(std::move(cleanup));
}

void Body::emitCleanup(const Cleanup &cleanup, SourceLocation location) {
  switch (cleanup.kind) {
  case Cleanup::Kind::Destroy:
    return destroy(cleanup.path, cleanup.type, location);
  case Cleanup::Kind::Call: {
    Operand address = addressOf(cleanup.path, cleanup.type, location);
    directCall(cleanup.function, {address}, location, /*implicit=*/true);
    return;
  }
  case Cleanup::Kind::Free:
    emit(ir::Op::Free, location).args = {cleanup.value};
    return;
  case Cleanup::Kind::AbortGuard:
  case Cleanup::Kind::EndCritical:
    runtimeCall(cleanup.runtime, {cleanup.value}, location);
    return;
  case Cleanup::Kind::Handlers:
  case Cleanup::Kind::Terminate:
    return;
  }
}

void Body::emitFlagged(const Cleanup &cleanup, SourceLocation location) {
  if (cleanup.flag == kNone)
    return emitCleanup(cleanup, location);
  Id made = newBlock(), done = newBlock();
  Operand flag = load({ir::RootKind::Local, cleanup.flag, {}}, ast.BoolTy, location);
  branch(flag, made, done, location);
  enter(made);
  emitCleanup(cleanup, location);
  jump(done);
  enter(done);
}

void Body::emitCleanups(Id from, Id to, SourceLocation location, const VarDecl *returned) {
  Id saved = top;
  for (Id at = from; at != to && at != kNone; at = cleanups[at].parent) {
    Cleanup cleanup = cleanups[at]; // a copy: emitting may add to the list
    top = cleanup.parent;
    if (!cleanup.exceptionOnly && (!returned || cleanup.variable != returned))
      emitFlagged(cleanup, location);
  }
  top = saved;
}

void Body::leaveTo(Id mark, SourceLocation location) {
  if (reachable())
    emitCleanups(top, mark, location);
  top = mark;
}

void Body::drop(Id id) {
  std::vector<Cleanup> above;
  for (Id at = top; at != id; at = cleanups[at].parent)
    above.push_back(cleanups[at]);
  top = cleanups[id].parent;
  while (!above.empty()) {
    above.back().landingMade = false;
    push(std::move(above.back()));
    above.pop_back();
  }
}

Id Body::landing(Id id) {
  if (id == kNone)
    return kNone;
  if (cleanups[id].landingMade || cleanups[id].kind == Cleanup::Kind::Handlers)
    return cleanups[id].landing;
  Cleanup cleanup = cleanups[id];
  Id block = newBlock();
  cleanups[id].landing = block;
  cleanups[id].landingMade = true;
  Id savedBlock = current, savedTop = top;
  bool savedUnwinding = unwinding;
  enter(block);
  if (cleanup.kind == Cleanup::Kind::Terminate) {
    stop(cleanup.location);
  } else {
    top = kNone;
    unwinding = true;
    emitFlagged(cleanup, cleanup.location);
    unwinding = savedUnwinding;
    Id next = landing(cleanup.parent);
    if (next == kNone)
      end(ir::TermKind::Unwind, {});
    else
      jump(next);
  }
  current = savedBlock;
  top = savedTop;
  return block;
}

FullExpression::FullExpression(Body &body)
    : b(body), cleanupMark(body.top), extendedMark(body.extended.size()), conditional(body.conditional) {
  b.conditional = {};
}

void FullExpression::end(SourceLocation location) {
  b.leaveTo(cleanupMark, location);
  b.conditional = conditional;
  for (size_t i = extendedMark; i < b.extended.size(); ++i)
    b.push(b.extended[i]);
  b.extended.resize(extendedMark);
}

} // namespace gordian::lower
