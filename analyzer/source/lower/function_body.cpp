// SPDX-License-Identifier: MIT
//
// From a function's first block to its last: parameters, captures, members and bases of constructors and
// destructors.
#include "source/lower/body.h"
#include "source/lower/exceptions.h"

using namespace clang;

namespace gordian::lower {

Body::Body(UnitContext &context, const FunctionDecl *f) : unit(context), ast(context.ast), function(f) {
  self = closure = unknown();
}

void Body::start() {
  current = newBlock();
  if (!function)
    return;
  QualType result = function->getReturnType();
  if (result->isRecordType() && !isa<CXXConstructorDecl, CXXDestructorDecl>(function))
    resultLocal = newLocal("", result, function->getLocation(), true);
  bindParameters();
  Cleanup noexceptBorder;
  noexceptBorder.kind = Cleanup::Kind::Terminate;
  noexceptBorder.location = function->getLocation();
  if (unit.unit.functions[unit.function(function)].isNoexcept)
    push(std::move(noexceptBorder));
}

/// References, classes and `this` are values that never change; other parameters are variables.
void Body::bindParameters() {
  auto *method = dyn_cast<CXXMethodDecl>(function);
  Id index = 0;
  if (method && method->isInstance() && !method->isExplicitObjectMemberFunction()) {
    self = closure = copy(parameter(index++), method->getThisType(), function->getLocation());
    if (method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call)
      bindCaptures(method);
  }
  for (const ParmVarDecl *p : function->parameters()) {
    Id number = index++;
    QualType type = p->getType();
    if (type->isReferenceType() || type->isRecordType()) {
      QualType pointer = type->isReferenceType() ? type : ast.getLValueReferenceType(type);
      places[p] = deref(copy(parameter(number), pointer, p->getLocation()), pointer, p->getLocation());
      continue;
    }
    Id local = newLocal(p->getName(), type, p->getLocation(), false);
    locals[local].param = number;
    places[p] = Path{ir::RootKind::Local, local, {}};
  }
}

/// Variables captured by reference are bound once; `this` of the body is the captured one.
void Body::bindCaptures(const CXXMethodDecl *callOperator) {
  llvm::DenseMap<const ValueDecl *, FieldDecl *> captures;
  FieldDecl *thisCapture = nullptr;
  callOperator->getParent()->getCaptureFields(captures, thisCapture);
  SourceLocation location = callOperator->getLocation();
  auto memberOf = [&](const FieldDecl *field) {
    Path path = deref(closure, {}, location);
    path.proj.push_back(unit.field(field));
    return path;
  };
  if (thisCapture) {
    bool byValue = thisCapture->getType()->isRecordType();
    self = byValue ? addressOf(memberOf(thisCapture), thisCapture->getType(), location, false)
                   : load(memberOf(thisCapture), thisCapture->getType(), location);
  }
  for (const LambdaCapture &capture : callOperator->getParent()->captures()) { // in source order
    if (!capture.capturesVariable())
      continue;
    const ValueDecl *variable = capture.getCapturedVar();
    const FieldDecl *field = captures.lookup(variable);
    if (!field)
      continue;
    Path path = memberOf(field);
    if (field->getType()->isReferenceType())
      path = deref(load(path, field->getType(), location), field->getType(), location);
    places[cast<ValueDecl>(variable->getCanonicalDecl())] = path;
  }
}

/// A captureless lambda as a function pointer: calls the lambda and hands on what it was given.
void Body::forwardToLambda(const CXXMethodDecl *invoker) {
  const CXXRecordDecl *lambda = invoker->getParent();
  const FunctionDecl *target = lambda->getLambdaCallOperator();
  if (const TemplateArgumentList *arguments = invoker->getTemplateSpecializationArgs()) {
    void *position = nullptr;
    target = lambda->getLambdaCallOperator()->getDescribedFunctionTemplate()->findSpecialization(
        arguments->asArray(), position);
  }
  if (!target)
    return;
  bool takesObject = cast<CXXMethodDecl>(target)->isInstance();
  std::vector<Operand> args;
  if (takesObject)
    args.push_back(null());
  for (unsigned i = 0; i != invoker->getNumParams(); ++i)
    args.push_back(parameter(i));
  Callee callee;
  callee.function = target;
  callee.mayThrow = mayThrow(target);
  callee.result = target->getReturnType();
  Path result{ir::RootKind::Local, resultLocal, {}};
  Operand value = emitCall(callee, std::move(args), invoker->getLocation(), true,
                           resultLocal != kNone ? &result : nullptr);
  leaveFunction(nullptr, resultLocal != kNone || callee.result->isVoidType() ? Operand() : value,
                invoker->getLocation());
}

// ---------------------------------------------------------------- constructors and destructors

void Body::initializeMember(const CXXConstructorDecl *constructor, const CXXCtorInitializer *init) {
  SourceLocation location = init->isWritten() ? init->getSourceLocation() : constructor->getLocation();
  Path path = deref(self, {}, location);
  QualType type = ast.getRecordType(constructor->getParent());
  if (init->isBaseInitializer()) {
    type = QualType(init->getBaseClass(), 0);
    path.proj.push_back(unit.base(type->getAsCXXRecordDecl()));
  } else if (init->isAnyMemberInitializer()) {
    auto append = [&](const FieldDecl *field) {
      path.proj.push_back(unit.field(field));
      type = field->getType();
    };
    if (const IndirectFieldDecl *indirect = init->getIndirectMember())
      for (const NamedDecl *step : indirect->chain())
        append(cast<FieldDecl>(step));
    else
      append(init->getMember());
  }
  FullExpression full(*this);
  initialize(path, type, init->getInit());
  full.end(location);
  // What is complete is destroyed again when the rest of the constructor throws.
  Id before = top;
  pushDestroy(path, type, location, /*fullExpression=*/false);
  if (top != before)
    cleanups[top].exceptionOnly = true;
}

void Body::constructorPrologue(const CXXConstructorDecl *constructor) {
  for (const CXXCtorInitializer *init : constructor->inits())
    if (init->getInit())
      initializeMember(constructor, init);
}

/// Members and bases die after the body, in reverse: pushed first, they come off last.
void Body::destructorPrologue(const CXXDestructorDecl *destructor) {
  const CXXRecordDecl *record = destructor->getParent();
  if (record->isUnion())
    return;
  SourceLocation location =
      destructor->getBody() ? destructor->getBody()->getEndLoc() : destructor->getLocation();
  auto pushBase = [&](const CXXBaseSpecifier &base) {
    Path path = deref(self, {}, location);
    path.proj.push_back(unit.base(base.getType()->getAsCXXRecordDecl()));
    pushDestroy(path, base.getType(), location, false);
  };
  for (const CXXBaseSpecifier &base : record->vbases())
    pushBase(base);
  for (const CXXBaseSpecifier &base : record->bases())
    if (!base.isVirtual())
      pushBase(base);
  for (const FieldDecl *field : record->fields()) {
    Path path = deref(self, {}, location);
    path.proj.push_back(unit.field(field));
    pushDestroy(path, field->getType(), location, false);
  }
}

// ---------------------------------------------------------------- the whole

void Body::bodyWithHandlers(const Stmt *body, const CXXTryStmt *handlers) {
  auto *constructor = dyn_cast<CXXConstructorDecl>(function);
  auto lowerAll = [&] {
    if (constructor)
      constructorPrologue(constructor);
    if (auto *destructor = dyn_cast<CXXDestructorDecl>(function))
      destructorPrologue(destructor);
    if (body)
      statement(body);
  };
  if (!handlers)
    return lowerAll();
  lowerUnderHandlers(*this, handlers, /*rethrows=*/isa<CXXConstructorDecl, CXXDestructorDecl>(function),
                     lowerAll);
}

void Body::lowerFunction(ir::Function &out) {
  start();
  auto *method = dyn_cast<CXXMethodDecl>(function);
  if (method && method->isLambdaStaticInvoker()) {
    forwardToLambda(method);
    return finish(out);
  }
  const Stmt *body = function->getBody();
  out.isCoroutine = isa_and_nonnull<CoroutineBodyStmt>(body);
  auto *handlers = dyn_cast_or_null<CXXTryStmt>(body);
  bodyWithHandlers(handlers ? handlers->getTryBlock() : body, handlers);
  SourceLocation end = body ? body->getEndLoc() : function->getEndLoc();
  if (reachable()) {
    bool nothing = function->getReturnType()->isVoidType() || resultLocal != kNone || out.isCoroutine;
    bool cppMain = function->isMain();
    leaveFunction(nullptr, nothing ? Operand() : cppMain ? integer(0) : unknown(), end);
  }
  finish(out);
}

void Body::lowerGlobalInitializer(const VarDecl *variable, ir::Function &out) {
  start();
  FullExpression full(*this);
  SourceLocation location = variable->getLocation();
  initialize(Path{ir::RootKind::Global, unit.global(variable), {}}, variable->getType(), variable->getInit());
  full.end(location);
  extended.clear();
  leaveFunction(nullptr, {}, location);
  finish(out);
}

void Body::finish(ir::Function &out) {
  resolveGotos();
  simplifyBlocks(blocks);
  out.defined = true;
  out.blocks = std::move(blocks);
  out.locals = std::move(locals);
  out.resultLocal = resultLocal;
  out.valueCount = valueCount;
}

} // namespace gordian::lower
