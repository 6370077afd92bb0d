// SPDX-License-Identifier: MIT
//
// Calls, constructions and destructions.
//
// Whether a call may throw: not in C or with -fno-exceptions; not where the callee says noexcept; not for C
// functions of system headers, unless they take a callback (C++ code may be called back through qsort). May
// miss: cancellation points unwind the stack in glibc.
#include "source/lower/atomics.h"
#include "source/lower/body.h"
#include "source/lower/builtins.h"

using namespace clang;

namespace gordian::lower {

// ---------------------------------------------------------------- emitting

static bool takesCallback(const FunctionDecl *callee) {
  return llvm::any_of(callee->parameters(), [](const ParmVarDecl *parameter) {
    return parameter->getType()->isFunctionPointerType();
  });
}

bool Body::mayThrow(const FunctionDecl *callee) {
  if (!ast.getLangOpts().CXXExceptions || unit.unit.functions[unit.function(callee)].isNoexcept)
    return false;
  if (callee->getBuiltinID() != 0)
    return false;
  return !(callee->isExternC() && unit.places.isSystem(callee)) || takesCallback(callee);
}

static bool returnsObject(QualType type) {
  return !type.isNull() && type->isRecordType();
}

Operand Body::emitCall(const Callee &callee, std::vector<Operand> args, SourceLocation location,
                       bool implicit, const Path *into) {
  Id id = callee.function ? unit.function(callee.function) : kNone;
  bool pointer =
      !callee.result.isNull() && (callee.result->isPointerType() || callee.result->isReferenceType());
  Id type = pointer || returnsObject(callee.result) ? unit.type(callee.result.getUnqualifiedType()) : kNone;
  // In a noexcept function, and while an exception passes, what throws ends the program.
  bool caught = top != kNone && cleanups[top].handled;
  bool noexceptHere = function && unit.unit.functions[unit.function(function)].isNoexcept;
  bool throws = callee.mayThrow && !unwinding && (caught || !noexceptHere);
  Id pad = throws ? currentLanding() : kNone;
  ir::Inst &inst = emit(ir::Op::Call, location);
  inst.call = callee.kind;
  inst.function = id;
  inst.callee = callee.pointer;
  inst.args = std::move(args);
  inst.type = type;
  inst.implicit = implicit;
  inst.mayThrow = throws;
  inst.landing = pad;
  if (!implicit)
    inst.macro = unit.places.macro(location);
  Operand out = unknown();
  if (into) {
    inst.hasInto = true;
    inst.path = *into;
  } else if (!callee.result.isNull() && !callee.result->isVoidType()) {
    out = define(inst);
  }
  if (callee.function)
    for (const FunctionDecl *implied : unit.library.impliedCalls(callee.function)) {
      Id target = unit.function(implied);
      ir::Inst &extra = emit(ir::Op::Call, location);
      extra.function = target;
      extra.implicit = true;
      extra.mayThrow = throws && mayThrow(implied);
      extra.landing = extra.mayThrow ? pad : kNone;
    }
  if (callee.noReturn)
    stop(location);
  return out;
}

Operand Body::directCall(const FunctionDecl *callee, std::vector<Operand> args, SourceLocation location,
                         bool implicit) {
  Callee target;
  target.function = callee;
  target.mayThrow = mayThrow(callee);
  target.noReturn = callee->isNoReturn();
  if (!isa<CXXConstructorDecl, CXXDestructorDecl>(callee))
    target.result = callee->getReturnType();
  return emitCall(target, std::move(args), location, implicit);
}

// ---------------------------------------------------------------- arguments

Operand Body::argument(const Expr *e) {
  QualType type = e->getType();
  if (e->isGLValue())
    return bind(e);
  if (!type->isRecordType())
    return value(e);
  return addressOf(materialize(e, e->getExprLoc()), type, e->getExprLoc(), /*escapes=*/false);
}

void Body::arguments(std::vector<Operand> &out, ArrayRef<const Expr *> args) {
  for (const Expr *arg : args)
    out.push_back(argument(arg));
}

// ---------------------------------------------------------------- call expressions

namespace {
/// One call expression: finds out what is called, lowers object and arguments in the language's order.
class CallLowering {
public:
  CallLowering(Body &body, const CallExpr *e) : b(body), call(e) {
    callee.result = e->getCallReturnType(body.ast);
    callee.function = e->getDirectCallee();
  }
  Operand lower(const Path *into);

private:
  bool memberCall(const Expr *target);
  void memberPointerCall(const BinaryOperator *target);
  void operatorCall(const CXXOperatorCallExpr *e);
  std::optional<Operand> trivialAssignment();
  void plainCall(const Expr *target);
  Operand objectOf(const Expr *e);

  Body &b;
  const CallExpr *call;
  Body::Callee callee;
  std::vector<Operand> args;
};

/// The object of a method call: its address, which does not count as escaping.
Operand CallLowering::objectOf(const Expr *e) {
  if (e->isPRValue() && e->getType()->isPointerType())
    return b.value(e);
  return b.addressOf(b.place(e), e->getType(), e->getExprLoc(), /*escapes=*/false);
}

bool CallLowering::memberCall(const Expr *target) {
  auto *member = dyn_cast<MemberExpr>(target);
  const CXXMethodDecl *method = member ? dyn_cast<CXXMethodDecl>(member->getMemberDecl()) : nullptr;
  if (!method)
    return false;
  if (method->isStatic()) {
    b.effect(member->getBase());
  } else {
    args.push_back(objectOf(member->getBase()));
    if (method->isVirtual() && !member->hasQualifier()) {
      const CXXMethodDecl *final = method->getDevirtualizedMethod(member->getBase(), /*IsAppleKext=*/false);
      callee.kind = final ? ir::CallKind::Direct : ir::CallKind::Virtual;
      method = final ? final : method;
    }
  }
  callee.function = method;
  b.arguments(args, ArrayRef(call->getArgs(), call->getNumArgs()));
  return true;
}

void CallLowering::memberPointerCall(const BinaryOperator *target) {
  args.push_back(objectOf(target->getLHS()));
  callee.kind = ir::CallKind::Indirect;
  callee.pointer = b.value(target->getRHS());
  b.arguments(args, ArrayRef(call->getArgs(), call->getNumArgs()));
}

void CallLowering::operatorCall(const CXXOperatorCallExpr *e) {
  auto *method = dyn_cast_or_null<CXXMethodDecl>(callee.function);
  bool member = method && method->isInstance();
  auto lowerArgument = [&](unsigned i) {
    return i == 0 && member ? objectOf(e->getArg(0)) : b.argument(e->getArg(i));
  };
  if (e->isAssignmentOp() && e->getNumArgs() == 2) { // the right operand is sequenced first
    Operand right = lowerArgument(1), left = lowerArgument(0);
    args = {left, right};
  } else {
    for (unsigned i = method && method->isStatic() ? 1 : 0; i != e->getNumArgs(); ++i)
      args.push_back(lowerArgument(i));
  }
  if (member && method->isVirtual() && !method->hasAttr<FinalAttr>() &&
      !method->getParent()->isEffectivelyFinal())
    callee.kind = ir::CallKind::Virtual;
}

/// x = y where the class says nothing about it: the bytes are copied.
std::optional<Operand> CallLowering::trivialAssignment() {
  auto *method = dyn_cast_or_null<CXXMethodDecl>(callee.function);
  auto *e = dyn_cast<CXXOperatorCallExpr>(call);
  if (!e || !method || !method->isTrivial() || e->getNumArgs() != 2 ||
      !(method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()))
    return std::nullopt;
  Path from = b.place(e->getArg(1)), to = b.place(e->getArg(0));
  b.copyObject(to, from, e->getArg(0)->getType(), e->getExprLoc());
  return b.addressOf(to, e->getArg(0)->getType(), e->getExprLoc(), /*escapes=*/false);
}

void CallLowering::plainCall(const Expr *target) {
  if (!callee.function) {
    callee.kind = ir::CallKind::Indirect;
    callee.pointer = b.value(target);
  }
  b.arguments(args, ArrayRef(call->getArgs(), call->getNumArgs()));
}

static bool isNoexceptCall(const Expr *target) {
  QualType type = target->getType();
  if (type->isPointerType())
    type = type->getPointeeType();
  auto *prototype = type->getAs<FunctionProtoType>();
  return prototype && !isUnresolvedExceptionSpec(prototype->getExceptionSpecType()) && prototype->isNothrow();
}

static bool isNoReturnType(const Expr *target) {
  QualType type = target->getType();
  if (type->isPointerType())
    type = type->getPointeeType();
  auto *plain = type->getAs<clang::FunctionType>();
  return plain && plain->getNoReturnAttr();
}

Operand CallLowering::lower(const Path *into) {
  const Expr *target = call->getCallee()->IgnoreParens();
  if (auto *pseudo = dyn_cast<CXXPseudoDestructorExpr>(target)) {
    b.effect(pseudo->getBase());
    return Body::unknown();
  }
  if (auto done = trivialAssignment())
    return *done;
  auto *pointer = dyn_cast<BinaryOperator>(target);
  if (auto *e = dyn_cast<CXXOperatorCallExpr>(call); e && callee.function)
    operatorCall(e);
  else if (pointer && pointer->isPtrMemOp())
    memberPointerCall(pointer);
  else if (!memberCall(target))
    plainCall(target);
  callee.mayThrow = callee.function ? b.mayThrow(callee.function)
                                    : b.ast.getLangOpts().CXXExceptions && !isNoexceptCall(target);
  callee.noReturn = callee.function ? callee.function->isNoReturn() : isNoReturnType(target);
  if (returnsObject(callee.result) && !into) {
    Path unused = b.temporary(callee.result, call->getExprLoc());
    return b.emitCall(callee, std::move(args), call->getExprLoc(), false, &unused);
  }
  return b.emitCall(callee, std::move(args), call->getExprLoc(), false, into);
}
} // namespace

/// A lambda that is converted to a function pointer is its invoker.
static const FunctionDecl *invokerOf(const FunctionDecl *callee) {
  auto *conversion = dyn_cast_or_null<CXXConversionDecl>(callee);
  if (!conversion || !conversion->getParent()->isLambda())
    return nullptr;
  CXXMethodDecl *invoker = conversion->getParent()->getLambdaStaticInvoker();
  if (!invoker || !conversion->getParent()->isGenericLambda())
    return invoker;
  void *position = nullptr;
  const TemplateArgumentList *arguments = conversion->getTemplateSpecializationArgs();
  return arguments
             ? invoker->getDescribedFunctionTemplate()->findSpecialization(arguments->asArray(), position)
             : nullptr;
}

Operand Body::call(const CallExpr *e, const Path *into) {
  const FunctionDecl *callee = e->getDirectCallee();
  if (const FunctionDecl *invoker = invokerOf(callee)) {
    if (auto *member = dyn_cast<CXXMemberCallExpr>(e))
      effect(member->getImplicitObjectArgument());
    return functionOperand(invoker);
  }
  if (callee) {
    if (auto done = lowerBuiltin(*this, e, callee))
      return *done;
    if (auto done = lowerStdAtomic(*this, e, callee, into))
      return *done;
  }
  return CallLowering(*this, e).lower(into);
}

// ---------------------------------------------------------------- constructors and destructors

static Path elements(Body &b, Path path, QualType &type) {
  bool array = false;
  while (const clang::ArrayType *at = b.ast.getAsArrayType(type)) {
    type = at->getElementType();
    array = true;
  }
  return array ? b.indexed(std::move(path), Body::unknown()) : path;
}

void Body::construct(const CXXConstructExpr *e, Path into) {
  QualType type = e->getType();
  into = elements(*this, std::move(into), type);
  const CXXConstructorDecl *constructor = e->getConstructor();
  if (e->isElidable() && e->getNumArgs() >= 1) {
    auto *source = dyn_cast<MaterializeTemporaryExpr>(e->getArg(0)->IgnoreParenNoopCasts(ast));
    if (source && ast.hasSameUnqualifiedType(source->getType(), type))
      return object(source->getSubExpr(), into);
  }
  if (constructor->isTrivial()) {
    if (constructor->isCopyOrMoveConstructor() && e->getNumArgs() >= 1)
      copyObject(into, place(e->getArg(0)), type, e->getLocation());
    return;
  }
  if (constructor->isDefaultConstructor() && unit.library.isPlainValue(type))
    return;
  std::vector<Operand> args{addressOf(into, type, e->getLocation(), /*escapes=*/false)};
  arguments(args, ArrayRef(e->getArgs(), e->getNumArgs()));
  directCall(constructor, std::move(args), e->getLocation(), /*implicit=*/false);
}

void Body::destroy(Path path, QualType type, SourceLocation location) {
  path = elements(*this, std::move(path), type);
  auto *record = type->getAsCXXRecordDecl();
  const CXXDestructorDecl *destructor = record && record->hasDefinition() ? record->getDestructor() : nullptr;
  if (!destructor || destructor->isTrivial())
    return;
  Operand object = addressOf(path, type, location, /*escapes=*/false);
  directCall(destructor, {object}, location, /*implicit=*/true);
}

} // namespace gordian::lower
