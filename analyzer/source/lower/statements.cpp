// SPDX-License-Identifier: MIT
//
// Statements: control flow and scopes.
#include "source/lower/body.h"
#include "source/lower/coroutines.h"
#include "source/lower/exceptions.h"
#include "source/lower/openmp.h"

using namespace clang;

namespace gordian::lower {

namespace {
class StatementLowering : public ConstStmtVisitor<StatementLowering> {
public:
  explicit StatementLowering(Body &body) : b(body) {}

  void VisitStmt(const Stmt *s) {
    b.unit.countUnhandled(s->getStmtClassName());
    for (const Stmt *child : s->children())
      if (child)
        Visit(child);
  }
  void VisitExpr(const Expr *e) {
    FullExpression full(b);
    b.effect(e);
    full.end(e->getEndLoc());
  }
  void VisitNullStmt(const NullStmt *) {}
  void VisitCompoundStmt(const CompoundStmt *s) {
    Id mark = b.top;
    for (const Stmt *child : s->body())
      Visit(child);
    b.leaveTo(mark, s->getRBracLoc());
  }
  void VisitDeclStmt(const DeclStmt *s) {
    for (const Decl *decl : s->decls())
      if (auto *variable = dyn_cast<VarDecl>(decl))
        b.declare(variable);
  }
  void VisitAttributedStmt(const AttributedStmt *s) { Visit(s->getSubStmt()); }
  void VisitReturnStmt(const ReturnStmt *s);

  // Choices
  void VisitIfStmt(const IfStmt *s);
  void VisitSwitchStmt(const SwitchStmt *s);
  void VisitCaseStmt(const CaseStmt *s);
  void VisitDefaultStmt(const DefaultStmt *s);

  // Loops
  void VisitWhileStmt(const WhileStmt *s);
  void VisitDoStmt(const DoStmt *s);
  void VisitForStmt(const ForStmt *s);
  void VisitCXXForRangeStmt(const CXXForRangeStmt *s);
  void VisitBreakStmt(const BreakStmt *s) {
    if (!b.breaks.empty())
      b.jumpTo(b.breaks.back(), s->getBreakLoc());
  }
  void VisitContinueStmt(const ContinueStmt *s) {
    if (!b.continues.empty())
      b.jumpTo(b.continues.back(), s->getContinueLoc());
  }

  // Labels
  void VisitLabelStmt(const LabelStmt *s);
  void VisitGotoStmt(const GotoStmt *s) { jumpToLabel(s->getLabel(), s->getGotoLoc()); }
  void VisitIndirectGotoStmt(const IndirectGotoStmt *s) {
    FullExpression full(b);
    b.value(s->getTarget());
    full.end(s->getGotoLoc());
    jumpToLabel(s->getConstantTarget(), s->getGotoLoc());
  }

  // The rest
  void VisitCXXTryStmt(const CXXTryStmt *s) { lowerTry(b, s); }
  void VisitCoreturnStmt(const CoreturnStmt *s) { lowerCoreturn(b, s); }
  void VisitCoroutineBodyStmt(const CoroutineBodyStmt *s) { lowerCoroutine(b, s); }
  void VisitGCCAsmStmt(const GCCAsmStmt *s);
  void VisitMSAsmStmt(const MSAsmStmt *) {}
  void VisitCapturedStmt(const CapturedStmt *s) { Visit(s->getCapturedStmt()); }
  void VisitOMPExecutableDirective(const OMPExecutableDirective *s) { lowerOpenMP(b, s); }

private:
  void jumpToLabel(const LabelDecl *label, SourceLocation location);
  void loopCondition(const VarDecl *variable, const Expr *condition, Id body, Id after, Id mark);
  void loopBody(const Stmt *body, const Target &onBreak, const Target &onContinue);
  void markLoop(size_t firstBlock, Id body, Id after);
  void switchOn(Body::SwitchCases &cases, const SwitchStmt *s, const Operand &value, Id start, Id after);

  Body &b;
};

// ---------------------------------------------------------------- return

void StatementLowering::VisitReturnStmt(const ReturnStmt *s) {
  const Expr *e = s->getRetValue();
  SourceLocation location = s->getReturnLoc();
  if (!e)
    return b.leaveFunction(nullptr, {}, location);
  const VarDecl *candidate = s->getNRVOCandidate();
  if (candidate && candidate->isNRVOVariable() && b.resultLocal != kNone)
    return b.leaveFunction(candidate, {}, location); // it is the result already
  FullExpression full(b);
  Operand value;
  bool reference = b.function && b.function->getReturnType()->isReferenceType();
  if (reference)
    value = b.bind(e);
  else if (e->getType()->isRecordType() && b.resultLocal != kNone)
    b.object(e, Path{ir::RootKind::Local, b.resultLocal, {}});
  else if (e->getType()->isVoidType())
    b.effect(e);
  else
    value = b.value(e);
  full.end(e->getEndLoc());
  b.leaveFunction(nullptr, value, location);
}

// ---------------------------------------------------------------- choices

void StatementLowering::VisitIfStmt(const IfStmt *s) {
  if (s->isConsteval()) {
    const Stmt *taken = s->isNegatedConsteval() ? s->getThen() : s->getElse();
    return taken ? Visit(taken) : void();
  }
  Id mark = b.top;
  if (s->getInit())
    Visit(s->getInit());
  if (const VarDecl *variable = s->getConditionVariable())
    b.declare(variable);
  Id yes = b.newBlock(), no = s->getElse() ? b.newBlock() : kNone, done = b.newBlock();
  FullExpression full(b);
  b.condition(s->getCond(), yes, no != kNone ? no : done);
  full.end(s->getCond()->getEndLoc());
  b.enter(yes);
  Visit(s->getThen());
  b.jumpIfReachable(done);
  if (no != kNone) {
    b.enter(no);
    Visit(s->getElse());
    b.jumpIfReachable(done);
  }
  b.enter(done);
  b.leaveTo(mark, s->getEndLoc());
}

void StatementLowering::VisitSwitchStmt(const SwitchStmt *s) {
  Id mark = b.top;
  if (s->getInit())
    Visit(s->getInit());
  if (const VarDecl *variable = s->getConditionVariable())
    b.declare(variable);
  FullExpression full(b);
  Operand value = b.value(s->getCond());
  full.end(s->getCond()->getEndLoc());
  Id start = b.newBlock(), after = b.newBlock();
  b.jump(start);
  Body::SwitchCases cases;
  Body::SwitchCases *outer = std::exchange(b.switchCases, &cases);
  b.breaks.push_back({after, b.top});
  Visit(s->getBody()); // code before the first case is dead
  b.jumpIfReachable(after);
  b.breaks.pop_back();
  b.switchCases = outer;
  switchOn(cases, s, value, start, after);
  b.enter(after);
  b.leaveTo(mark, s->getEndLoc());
}

void StatementLowering::switchOn(Body::SwitchCases &cases, const SwitchStmt *s, const Operand &value,
                                 Id start, Id after) {
  Id otherwise = cases.defaultBlock;
  if (otherwise == kNone) {
    otherwise = after;
    if (s->isAllEnumCasesCovered()) { // may miss: a value outside of the enumeration
      otherwise = b.newBlock();
      b.enter(otherwise);
      b.stop(s->getSwitchLoc());
    }
  }
  b.enter(start);
  if (value.kind == ir::OperandKind::Integer) { // a constant: the other cases are not for this build
    for (auto [constant, block] : cases.cases)
      if (constant == value.integer)
        return b.jump(block);
  }
  for (const Body::SwitchCases::Range &range : cases.ranges) {
    Id upper = b.newBlock(), next = b.newBlock();
    Operand low = Body::integer(range.low.getExtValue()), high = Body::integer(range.high.getExtValue());
    b.branch(b.compare(ir::Predicate::Ge, value, low, s->getSwitchLoc()), upper, next, s->getSwitchLoc());
    b.enter(upper);
    b.branch(b.compare(ir::Predicate::Le, value, high, s->getSwitchLoc()), range.block, next,
             s->getSwitchLoc());
    b.enter(next);
  }
  if (cases.cases.empty())
    return b.jump(otherwise);
  ir::Terminator &term = b.end(ir::TermKind::Switch, s->getSwitchLoc());
  term.value = value;
  for (auto [constant, block] : cases.cases) {
    term.cases.push_back(constant);
    term.successors.push_back(block);
  }
  term.successors.push_back(otherwise);
}

void StatementLowering::VisitCaseStmt(const CaseStmt *s) {
  Id block = b.newBlock();
  b.jumpIfReachable(block);
  b.enter(block);
  if (b.switchCases) {
    llvm::APSInt low = s->getLHS()->EvaluateKnownConstInt(b.ast);
    llvm::APSInt high = s->getRHS() ? s->getRHS()->EvaluateKnownConstInt(b.ast) : low;
    constexpr unsigned mostExpanded = 16;
    if (low.getExtValue() + mostExpanded < high.getExtValue())
      b.switchCases->ranges.push_back({low, high, block});
    else
      for (int64_t i = low.getExtValue(); i <= high.getExtValue(); ++i)
        b.switchCases->cases.emplace_back(i, block);
  }
  Visit(s->getSubStmt());
}

void StatementLowering::VisitDefaultStmt(const DefaultStmt *s) {
  Id block = b.newBlock();
  b.jumpIfReachable(block);
  b.enter(block);
  if (b.switchCases)
    b.switchCases->defaultBlock = block;
  Visit(s->getSubStmt());
}

// ---------------------------------------------------------------- loops

/// Branches that were made from `firstBlock` on and lead to both sides of the loop are its own.
void StatementLowering::markLoop(size_t firstBlock, Id body, Id after) {
  for (size_t i = firstBlock; i < b.blocks.size(); ++i) {
    ir::Terminator &term = b.blocks[i].term;
    if (term.kind == ir::TermKind::Branch &&
        (llvm::is_contained(term.successors, body) || llvm::is_contained(term.successors, after)))
      term.loop = true;
  }
}

void StatementLowering::loopBody(const Stmt *body, const Target &onBreak, const Target &onContinue) {
  b.breaks.push_back(onBreak);
  b.continues.push_back(onContinue);
  Visit(body);
  b.breaks.pop_back();
  b.continues.pop_back();
}

/// Evaluates the condition of a pre-tested loop in the current block. A condition variable lives for one
/// iteration: `after` is entered past its destruction.
void StatementLowering::loopCondition(const VarDecl *variable, const Expr *condition, Id body, Id after,
                                      Id mark) {
  if (variable)
    b.declare(variable);
  if (!condition)
    return b.jump(body);
  size_t first = b.current;
  Id leave = b.top == mark ? after : b.newBlock();
  FullExpression full(b);
  b.condition(condition, body, leave);
  full.end(condition->getEndLoc());
  markLoop(first, body, leave);
  if (leave != after) {
    Id inside = b.top;
    b.enter(leave);
    b.leaveTo(mark, condition->getEndLoc());
    b.jump(after);
    b.top = inside;
  }
}

void StatementLowering::VisitWhileStmt(const WhileStmt *s) {
  Id mark = b.top;
  Id test = b.newBlock(), body = b.newBlock(), after = b.newBlock();
  ++b.loops;
  b.jump(test);
  b.enter(test);
  loopCondition(s->getConditionVariable(), s->getCond(), body, after, mark);
  b.enter(body);
  loopBody(s->getBody(), {after, mark}, {test, mark});
  b.leaveTo(mark, s->getEndLoc());
  b.jumpIfReachable(test);
  --b.loops;
  b.enter(after);
}

void StatementLowering::VisitDoStmt(const DoStmt *s) {
  Id body = b.newBlock(), test = b.newBlock(), after = b.newBlock();
  ++b.loops;
  b.jump(body);
  b.enter(body);
  loopBody(s->getBody(), {after, b.top}, {test, b.top});
  b.jumpIfReachable(test);
  b.enter(test);
  FullExpression full(b);
  b.condition(s->getCond(), body, after);
  full.end(s->getCond()->getEndLoc());
  markLoop(test, body, after);
  --b.loops;
  b.enter(after);
}

void StatementLowering::VisitForStmt(const ForStmt *s) {
  Id outer = b.top;
  if (s->getInit())
    Visit(s->getInit());
  Id mark = b.top;
  Id test = b.newBlock(), body = b.newBlock(), step = b.newBlock(), after = b.newBlock();
  ++b.loops;
  b.jump(test);
  b.enter(test);
  loopCondition(s->getConditionVariable(), s->getCond(), body, after, mark);
  b.enter(body);
  Target onContinue{step, b.top};
  Id inIteration = b.top;
  loopBody(s->getBody(), {after, mark}, onContinue);
  b.jumpIfReachable(step);
  b.enter(step);
  b.top = inIteration;
  if (s->getInc())
    VisitExpr(s->getInc());
  b.leaveTo(mark, s->getEndLoc());
  b.jumpIfReachable(test);
  --b.loops;
  b.enter(after);
  b.top = mark;
  b.leaveTo(outer, s->getEndLoc());
}

void StatementLowering::VisitCXXForRangeStmt(const CXXForRangeStmt *s) {
  Id outer = b.top;
  if (s->getInit())
    Visit(s->getInit());
  for (const DeclStmt *part : {s->getRangeStmt(), s->getBeginStmt(), s->getEndStmt()})
    if (part)
      Visit(part);
  Id mark = b.top;
  Id test = b.newBlock(), body = b.newBlock(), step = b.newBlock(), after = b.newBlock();
  ++b.loops;
  b.jump(test);
  b.enter(test);
  loopCondition(nullptr, s->getCond(), body, after, mark);
  b.enter(body);
  if (s->getLoopVarStmt())
    Visit(s->getLoopVarStmt());
  loopBody(s->getBody(), {after, mark}, {step, mark});
  b.leaveTo(mark, s->getEndLoc());
  b.jumpIfReachable(step);
  b.enter(step);
  if (s->getInc())
    VisitExpr(s->getInc());
  b.jumpIfReachable(test);
  --b.loops;
  b.enter(after);
  b.leaveTo(outer, s->getEndLoc());
}

// ---------------------------------------------------------------- labels

void StatementLowering::jumpToLabel(const LabelDecl *label, SourceLocation location) {
  if (!b.reachable())
    return;
  b.gotos.push_back({b.current, b.top, label, location});
  b.end(ir::TermKind::Jump, location);
}

void StatementLowering::VisitLabelStmt(const LabelStmt *s) {
  Id block = b.newBlock();
  b.jumpIfReachable(block);
  b.enter(block);
  b.labels[s->getDecl()] = {block, b.top};
  ++b.loops; // a goto may come back
  Visit(s->getSubStmt());
}

void StatementLowering::VisitGCCAsmStmt(const GCCAsmStmt *s) {
  FullExpression full(b);
  for (unsigned i = 0; i != s->getNumInputs(); ++i)
    b.effect(s->getInputExpr(i));
  for (unsigned i = 0; i != s->getNumOutputs(); ++i) {
    const Expr *output = s->getOutputExpr(i);
    Path place = b.place(output);
    if (!output->getType()->isRecordType())
      b.store(place, Body::unknown(), output->getType(), s->getAsmLoc());
  }
  full.end(s->getEndLoc());
  for (unsigned i = 0; i != s->getNumLabels(); ++i) {
    Id taken = b.newBlock(), next = b.newBlock();
    b.branch(Body::unknown(), taken, next, s->getAsmLoc());
    b.enter(taken);
    jumpToLabel(s->getLabelExpr(i)->getLabel(), s->getAsmLoc());
    b.enter(next);
  }
}
} // namespace

void Body::statement(const Stmt *s) {
  StatementLowering(*this).Visit(s);
}

void Body::jumpTo(const Target &target, SourceLocation location) {
  if (!reachable())
    return;
  emitCleanups(top, target.cleanups, location);
  jumpIfReachable(target.block);
}

void Body::leaveFunction(const VarDecl *returned, const Operand &value, SourceLocation location) {
  if (!reachable())
    return;
  if (coroutineExit.block != kNone)
    return jumpTo(coroutineExit, location);
  emitCleanups(top, kNone, location, returned);
  end(ir::TermKind::Return, location).value = value;
}

/// The cleanups between a goto and its label are those that are not around the label.
void Body::resolveGotos() {
  for (const Goto &jumpOut : gotos) {
    std::vector<Target> targets;
    for (const auto &[label, target] : labels)
      if (label == jumpOut.label || (!jumpOut.label && llvm::is_contained(addressedLabels, label)))
        targets.push_back(target);
    if (targets.empty()) {
      enter(jumpOut.block);
      stop(jumpOut.location);
      continue;
    }
    llvm::DenseSet<Id> around;
    for (Id at = targets[0].cleanups; at != kNone; at = cleanups[at].parent)
      around.insert(at);
    Id common = jumpOut.cleanups;
    while (common != kNone && !around.contains(common))
      common = cleanups[common].parent;
    enter(jumpOut.block);
    emitCleanups(jumpOut.cleanups, common, jumpOut.location);
    if (targets.size() == 1) {
      jump(targets[0].block);
      continue;
    }
    ir::Terminator &term = end(ir::TermKind::Switch, jumpOut.location);
    term.value = unknown();
    for (size_t i = 0; i != targets.size(); ++i) {
      term.successors.push_back(targets[i].block);
      if (i + 1 != targets.size())
        term.cases.push_back(int64_t(i));
    }
  }
}

} // namespace gordian::lower
