// SPDX-License-Identifier: MIT
//
// Declarations inside of functions.
#include "source/lower/body.h"

using namespace clang;

namespace gordian::lower {

namespace {
class VariableLowering {
public:
  VariableLowering(Body &body, const VarDecl *v) : b(body), variable(v), location(v->getLocation()) {}

  void lower() {
    if (variable->isStaticLocal())
      return staticLocal();
    if (variable->hasGlobalStorage()) // extern int x; inside of a function
      return;
    if (variable->getType()->isReferenceType())
      return reference();
    object();
  }

private:
  static const ValueDecl *key(const ValueDecl *decl) { return cast<ValueDecl>(decl->getCanonicalDecl()); }

  void reference() {
    if (!variable->hasInit())
      return;
    FullExpression full(b);
    Operand address = b.bind(variable->getInit());
    full.end(variable->getInit()->getEndLoc());
    b.places[key(variable)] = b.deref(address, variable->getType(), location);
    bindings();
  }

  void object() {
    Path path = storage();
    b.places[key(variable)] = path;
    variableLengths(variable->getType());
    // Storage in a loop is entered again: it is another object. Scalars with an initialiser are overwritten
    // anyway.
    if (b.loops && !(variable->hasInit() && variable->getType()->isScalarType()))
      b.invalidate(path, location);
    if (const Expr *init = variable->getInit()) {
      FullExpression full(b);
      b.initialize(path, variable->getType(), init);
      full.end(init->getEndLoc());
    }
    pushCleanups(path);
    bindings();
  }

  Path storage() {
    if (variable->isNRVOVariable() && b.resultLocal != kNone &&
        b.ast.hasSameUnqualifiedType(variable->getType(), b.function->getReturnType())) {
      ir::Local &result = b.locals[b.resultLocal];
      result.name = variable->getNameAsString();
      result.loc = b.unit.places.loc(location);
      result.temporary = false;
      return {ir::RootKind::Local, b.resultLocal, {}};
    }
    return {ir::RootKind::Local, b.newLocal(variable->getName(), variable->getType(), location, false), {}};
  }

  void pushCleanups(const Path &path) {
    Id before = b.top;
    b.pushDestroy(path, variable->getType(), location, /*fullExpression=*/false);
    if (b.top != before && variable->isNRVOVariable())
      b.cleanups[b.top].variable = variable;
    for (const auto *attribute : variable->specific_attrs<CleanupAttr>()) {
      Cleanup cleanup;
      cleanup.kind = Cleanup::Kind::Call;
      cleanup.path = path;
      cleanup.type = variable->getType();
      cleanup.function = attribute->getFunctionDecl();
      cleanup.location = location;
      b.push(std::move(cleanup));
    }
  }

  /// The sizes of variable-length arrays are code.
  void variableLengths(QualType type) {
    while (!type.isNull()) {
      if (auto *array = b.ast.getAsVariableArrayType(type))
        if (const Expr *size = array->getSizeExpr())
          b.effect(size);
      const clang::ArrayType *array = b.ast.getAsArrayType(type);
      type = array ? array->getElementType() : QualType();
    }
  }

  /// Names of std::get<i>(x) are variables of their own; those of members and elements are found by their
  /// expression.
  void bindings() {
    auto *decomposition = dyn_cast<DecompositionDecl>(variable);
    if (!decomposition)
      return;
    for (const BindingDecl *binding : decomposition->bindings())
      if (const VarDecl *holding = binding->getHoldingVar())
        b.declare(holding);
  }

  /// if (__cxa_guard_acquire(&x)) { initialise; __cxa_guard_release(&x); }
  void staticLocal() {
    Id id = b.unit.global(variable);
    if (!variable->hasInit() || !hasDynamicInitializer(variable))
      return;
    Path path{ir::RootKind::Global, id, {}};
    if (variable->getTLSKind() != VarDecl::TLS_None || !b.ast.getLangOpts().ThreadsafeStatics)
      return onFirstUse(path);
    Operand guard = b.addressOf(path, variable->getType(), location);
    Operand mine = b.runtimeCall("__cxa_guard_acquire", {guard}, location);
    Id initialise = b.newBlock(), done = b.newBlock();
    b.branch(mine, initialise, done, location);
    b.enter(initialise);
    Id mark = b.top;
    Cleanup abort;
    abort.kind = Cleanup::Kind::AbortGuard;
    abort.runtime = "__cxa_guard_abort";
    abort.exceptionOnly = true;
    abort.value = guard;
    abort.location = location;
    b.push(std::move(abort));
    runInitializer(path);
    b.leaveTo(mark, location);
    b.runtimeCall("__cxa_guard_release", {guard}, location);
    b.jump(done);
    b.enter(done);
  }

  void onFirstUse(const Path &path) {
    Id initialise = b.newBlock(), done = b.newBlock();
    b.branch(Body::unknown(), initialise, done, location);
    b.enter(initialise);
    runInitializer(path);
    b.jump(done);
    b.enter(done);
  }

  void runInitializer(const Path &path) {
    FullExpression full(b);
    b.initialize(path, variable->getType(), variable->getInit());
    full.end(location);
  }

  Body &b;
  const VarDecl *variable;
  SourceLocation location;
};
} // namespace

void Body::declare(const VarDecl *variable) {
  VariableLowering(*this, variable).lower();
}

} // namespace gordian::lower
