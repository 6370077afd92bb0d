// SPDX-License-Identifier: MIT
#include "source/lower/atomics.h"

using namespace clang;
using llvm::StringRef;

namespace gordian::lower {

namespace {
enum class Action { None, Init, Load, Store, Exchange, CompareExchange, FetchThenModify, ModifyThenFetch };
struct Operation {
  Action action = Action::None;
  ir::Arithmetic arithmetic = ir::Arithmetic::Add;
};

/// One atomic operation at one place, once its operands are known.
class AtomicOperation {
public:
  AtomicOperation(Body &body, Path at, SourceLocation loc) : b(body), place(std::move(at)), location(loc) {}
  ir::MemoryOrder order = ir::MemoryOrder::SeqCst;

  Operand load(QualType type) {
    Operand out = b.load(place, type, location);
    mark(b.blocks[b.current].insts.back());
    return out;
  }
  void store(const Operand &value, bool atomic = true) {
    b.store(place, value, {}, location);
    if (atomic)
      mark(b.blocks[b.current].insts.back());
  }
  Operand modify(ir::Arithmetic arithmetic, std::vector<Operand> args) {
    ir::Inst &inst = b.emit(ir::Op::Rmw, location);
    inst.path = place;
    inst.arithmetic = arithmetic;
    inst.args = std::move(args);
    mark(inst);
    return b.define(inst);
  }
  /// `expected` is where the expected value is read from, and the found one written to when it is another.
  Operand compareExchange(const Path &expected, const Operand &desired) {
    Operand old = b.load(expected, {}, location);
    Operand success = modify(ir::Arithmetic::CompareExchange, {old, desired});
    Id failed = b.newBlock(), done = b.newBlock();
    b.branch(success, done, failed, location);
    b.enter(failed);
    b.store(expected, Body::unknown(), {}, location);
    b.jump(done);
    b.enter(done);
    return success;
  }
  void copyObject(const Path &to, const Path &from, QualType type) {
    b.copyObject(to, from, type, location);
    mark(b.blocks[b.current].insts.back());
  }

private:
  void mark(ir::Inst &inst) const {
    inst.access = ir::AccessKind::Atomic;
    inst.order = order;
  }
  Body &b;
  Path place;
  SourceLocation location;
};
} // namespace

static ir::Arithmetic arithmeticNamed(StringRef name) {
  return llvm::StringSwitch<ir::Arithmetic>(name)
      .Case("add", ir::Arithmetic::Add)
      .Case("sub", ir::Arithmetic::Sub)
      .Case("and", ir::Arithmetic::And)
      .Case("or", ir::Arithmetic::Or)
      .Case("xor", ir::Arithmetic::Xor)
      .Default(ir::Arithmetic::Exchange); // nand, min, max: some other value
}

/// From the part of the name that says what is done: "load_n", "fetch_add", "add_fetch",
/// "compare_exchange_weak".
static Operation operationNamed(StringRef name) {
  if (name.starts_with("init"))
    return {Action::Init};
  if (name.starts_with("load") || name == "test")
    return {Action::Load};
  if (name.starts_with("store") || name == "clear")
    return {Action::Store};
  if (name.starts_with("compare_exchange"))
    return {Action::CompareExchange};
  if (name.starts_with("exchange") || name == "test_and_set")
    return {Action::Exchange, ir::Arithmetic::Exchange};
  if (name.consume_front("fetch_"))
    return {Action::FetchThenModify, arithmeticNamed(name)};
  if (name.consume_back("_fetch"))
    return {Action::ModifyThenFetch, arithmeticNamed(name)};
  return {};
}

static ir::MemoryOrder orderOf(const Expr *e, const ASTContext &ast) {
  Expr::EvalResult result;
  if (!e || e->isValueDependent() || !e->EvaluateAsInt(result, ast))
    return ir::MemoryOrder::SeqCst;
  uint64_t order = result.Val.getInt().getLimitedValue();
  return order <= uint64_t(ir::MemoryOrder::SeqCst) ? ir::MemoryOrder(order) : ir::MemoryOrder::SeqCst;
}

static Operand afterModification(Body &b, const Operation &operation, const Operand &old,
                                 const Operand &value, SourceLocation location) {
  if (operation.action == Action::FetchThenModify)
    return old;
  return operation.arithmetic == ir::Arithmetic::Exchange
             ? Body::unknown()
             : b.arith(operation.arithmetic, old, value, location);
}

// ---------------------------------------------------------------- generic builtins

static StringRef builtinName(AtomicExpr::AtomicOp op) {
  switch (op) {
#define BUILTIN(ID, TYPE, ATTRS)
#define ATOMIC_BUILTIN(ID, TYPE, ATTRS)                                                                      \
  case AtomicExpr::AO##ID:                                                                                   \
    return #ID;
#include "clang/Basic/Builtins.inc"
  }
  return "";
}

Operand lowerAtomic(Body &b, const AtomicExpr *e) {
  StringRef name = builtinName(e->getOp());
  name = name.substr(name.find("atomic_") + StringRef("atomic_").size());
  Operation operation = operationNamed(name);
  SourceLocation location = e->getExprLoc();
  // __atomic_load, _store, _exchange and _compare_exchange pass values by address; the others have a suffix.
  bool byAddress = e->getOp() == AtomicExpr::AO__atomic_load || e->getOp() == AtomicExpr::AO__atomic_store ||
                   e->getOp() == AtomicExpr::AO__atomic_exchange ||
                   e->getOp() == AtomicExpr::AO__atomic_compare_exchange;
  auto pointee = [&](const Expr *pointer) { return b.deref(b.value(pointer), pointer->getType(), location); };
  auto operand = [&](const Expr *arg) {
    return byAddress ? b.load(pointee(arg), arg->getType()->getPointeeType(), location) : b.value(arg);
  };
  QualType type = e->getPtr()->getType()->getPointeeType();
  AtomicOperation atomic(b, pointee(e->getPtr()), location);
  atomic.order = operation.action == Action::Init ? ir::MemoryOrder::Relaxed : orderOf(e->getOrder(), b.ast);
  switch (operation.action) {
  case Action::Init:
    atomic.store(b.value(e->getVal1()), /*atomic=*/false);
    return Body::unknown();
  case Action::Load: {
    Operand out = atomic.load(type);
    if (byAddress)
      b.store(pointee(e->getVal1()), out, {}, location);
    return out;
  }
  case Action::Store:
    atomic.store(operand(e->getVal1()));
    return Body::unknown();
  case Action::Exchange: {
    Operand out = atomic.modify(ir::Arithmetic::Exchange, {operand(e->getVal1())});
    if (byAddress)
      b.store(pointee(e->getVal2()), out, {}, location);
    return out;
  }
  case Action::CompareExchange: {
    Path expected = pointee(e->getVal1());
    return atomic.compareExchange(expected, operand(e->getVal2()));
  }
  case Action::FetchThenModify:
  case Action::ModifyThenFetch: {
    Operand value = b.value(e->getVal1());
    Operand old = atomic.modify(operation.arithmetic, {value});
    return afterModification(b, operation, old, value, location);
  }
  case Action::None:
    break;
  }
  b.unit.countUnhandled(("AtomicExpr " + name).str());
  return Body::unknown();
}

// ---------------------------------------------------------------- __sync_* and the two old ones

static Operation syncOperation(StringRef name) {
  if (name.starts_with("bool_compare_and_swap") || name.starts_with("val_compare_and_swap"))
    return {Action::CompareExchange};
  if (name.starts_with("lock_test_and_set") || name.starts_with("swap"))
    return {Action::Exchange, ir::Arithmetic::Exchange};
  if (name.starts_with("lock_release"))
    return {Action::Store};
  if (name.consume_front("fetch_and_"))
    return {Action::FetchThenModify, arithmeticNamed(name.take_until([](char c) { return c == '_'; }))};
  if (size_t at = name.find("_and_fetch"); at != StringRef::npos)
    return {Action::ModifyThenFetch, arithmeticNamed(name.take_front(at))};
  return {};
}

static Operand lowerSync(Body &b, const CallExpr *e, StringRef name, const Operation &operation) {
  SourceLocation location = e->getExprLoc();
  const Expr *pointer = e->getArg(0);
  AtomicOperation atomic(b, b.deref(b.value(pointer), pointer->getType(), location), location);
  std::vector<Operand> args;
  for (unsigned i = 1; i < e->getNumArgs(); ++i)
    args.push_back(b.value(e->getArg(i)));
  switch (operation.action) {
  case Action::Store:
    atomic.order = ir::MemoryOrder::Release;
    atomic.store(Body::integer(0));
    return Body::unknown();
  case Action::Exchange:
    atomic.order = ir::MemoryOrder::Acquire;
    return atomic.modify(ir::Arithmetic::Exchange, {args[0]});
  case Action::CompareExchange: {
    if (name.starts_with("bool"))
      return atomic.modify(ir::Arithmetic::CompareExchange, {args[0], args[1]});
    Operand old = atomic.load({});
    atomic.modify(ir::Arithmetic::CompareExchange, {args[0], args[1]});
    return old;
  }
  default: {
    Operand old = atomic.modify(operation.arithmetic, {args[0]});
    return afterModification(b, operation, old, args[0], location);
  }
  }
}

std::optional<Operand> lowerSyncBuiltin(Body &b, const CallExpr *e, const FunctionDecl *callee) {
  StringRef name = callee->getIdentifier() ? callee->getName() : "";
  SourceLocation location = e->getExprLoc();
  if (name == "__atomic_test_and_set" || name == "__atomic_clear") {
    AtomicOperation atomic(b, b.deref(b.value(e->getArg(0)), e->getArg(0)->getType(), location), location);
    atomic.order = orderOf(e->getArg(1), b.ast);
    if (name == "__atomic_test_and_set")
      return atomic.modify(ir::Arithmetic::Exchange, {Body::integer(1)});
    atomic.store(Body::integer(0));
    return Body::unknown();
  }
  if (!name.consume_front("__sync_"))
    return std::nullopt;
  Operation operation = syncOperation(name);
  if (operation.action == Action::None)
    return std::nullopt;
  return lowerSync(b, e, name, operation);
}

// ---------------------------------------------------------------- std::atomic

static bool isAtomicClass(const CXXRecordDecl *record) {
  if (!record->isInStdNamespace() || !record->getIdentifier())
    return false;
  return llvm::StringSwitch<bool>(record->getName())
      .Cases("atomic", "atomic_flag", "__atomic_base", "__atomic_float", "__atomic_flag_base", true)
      .Default(false);
}

static Operation operatorOperation(const CXXMethodDecl *method, bool &postfix) {
  postfix = method->getNumParams() == 1;
  switch (method->getOverloadedOperator()) {
  case OO_Equal:
    return {Action::Store};
  case OO_PlusPlus:
    return {postfix ? Action::FetchThenModify : Action::ModifyThenFetch, ir::Arithmetic::Add};
  case OO_MinusMinus:
    return {postfix ? Action::FetchThenModify : Action::ModifyThenFetch, ir::Arithmetic::Sub};
  case OO_PlusEqual:
    return {Action::ModifyThenFetch, ir::Arithmetic::Add};
  case OO_MinusEqual:
    return {Action::ModifyThenFetch, ir::Arithmetic::Sub};
  case OO_AmpEqual:
    return {Action::ModifyThenFetch, ir::Arithmetic::And};
  case OO_PipeEqual:
    return {Action::ModifyThenFetch, ir::Arithmetic::Or};
  case OO_CaretEqual:
    return {Action::ModifyThenFetch, ir::Arithmetic::Xor};
  default:
    return {};
  }
}

namespace {
/// A call of a method of an atomic class.
class StdAtomicCall {
public:
  StdAtomicCall(Body &body, const CallExpr *call, const CXXMethodDecl *m, const Path *to)
      : b(body), e(call), method(m), into(to), location(call->getExprLoc()) {
    auto *member = dyn_cast<CXXMemberCallExpr>(call);
    object = member ? member->getImplicitObjectArgument() : call->getArg(0);
    for (unsigned i = member ? 0 : 1; i < call->getNumArgs(); ++i)
      args.push_back(call->getArg(i));
    isOperator = method->isOverloadedOperator();
    named = isOperator                       ? operatorOperation(method, postfix)
            : isa<CXXConversionDecl>(method) ? Operation{Action::Load}
            : method->getIdentifier()        ? operationNamed(method->getName())
                                             : Operation{};
  }
  std::optional<Operand> lower();

private:
  Path place();
  ir::MemoryOrder order() const;
  Operand scalar(AtomicOperation &atomic);
  Operand record(AtomicOperation &atomic, const Path &at, QualType type);
  Operand operand(unsigned i) { return i < args.size() ? b.value(args[i]) : Body::unknown(); }

  Body &b;
  const CallExpr *e;
  const CXXMethodDecl *method;
  const Path *into;
  SourceLocation location;
  const Expr *object;
  SmallVector<const Expr *, 4> args;
  Operation named;
  bool isOperator = false, postfix = false;
};

/// The atomic itself, not the base class of the library that implements it.
Path StdAtomicCall::place() {
  const Expr *plain = object->IgnoreParenBaseCasts();
  bool pointer = plain->getType()->isPointerType() && plain->isPRValue();
  return pointer ? b.deref(b.value(plain), plain->getType(), location) : b.place(plain);
}

ir::MemoryOrder StdAtomicCall::order() const {
  for (const Expr *arg : args)
    if (auto *type = arg->getType()->getAs<EnumType>(); type && type->getDecl()->getName() == "memory_order")
      return orderOf(arg, b.ast);
  return ir::MemoryOrder::SeqCst;
}

Operand StdAtomicCall::scalar(AtomicOperation &atomic) {
  switch (named.action) {
  case Action::Load:
    return atomic.load(method->getReturnType());
  case Action::Store: {
    bool clears = !isOperator && method->getName() == "clear";
    Operand value = clears ? Body::integer(0) : operand(0);
    atomic.store(value);
    return value;
  }
  case Action::Exchange: {
    bool sets = method->getName() == "test_and_set";
    return atomic.modify(ir::Arithmetic::Exchange, {sets ? Body::integer(1) : operand(0)});
  }
  case Action::CompareExchange: {
    Path expected = b.place(args[0]);
    return atomic.compareExchange(expected, operand(1));
  }
  default: {
    bool unary = isOperator && (method->getOverloadedOperator() == OO_PlusPlus ||
                                method->getOverloadedOperator() == OO_MinusMinus);
    Operand value = unary ? Body::integer(1) : operand(0);
    Operand old = atomic.modify(named.arithmetic, {value});
    return afterModification(b, named, old, value, location);
  }
  }
}

/// std::atomic<SomeClass>
Operand StdAtomicCall::record(AtomicOperation &atomic, const Path &at, QualType type) {
  switch (named.action) {
  case Action::Load:
    if (into)
      atomic.copyObject(*into, at, type);
    return Body::unknown();
  case Action::Store:
    atomic.copyObject(at, b.place(args[0]), type);
    return Body::unknown();
  case Action::CompareExchange: {
    Operand expected = b.bind(args[0]), desired = b.argument(args[1]);
    return atomic.modify(ir::Arithmetic::CompareExchange, {expected, desired});
  }
  default: {
    Path from = b.place(args[0]);
    if (into)
      atomic.copyObject(*into, at, type);
    atomic.copyObject(at, from, type);
    return Body::unknown();
  }
  }
}

std::optional<Operand> StdAtomicCall::lower() {
  if (named.action == Action::None)
    return std::nullopt;
  bool takesValue = named.action == Action::Store || named.action == Action::CompareExchange;
  QualType value = takesValue && !args.empty() ? args[0]->getType() : method->getReturnType();
  Path at = place();
  AtomicOperation atomic(b, at, location);
  atomic.order = order();
  return value->isRecordType() ? record(atomic, at, value) : scalar(atomic);
}
} // namespace

std::optional<Operand> lowerStdAtomic(Body &b, const CallExpr *e, const FunctionDecl *callee,
                                      const Path *into) {
  auto *method = dyn_cast<CXXMethodDecl>(callee);
  if (!method || !method->isInstance() || !isAtomicClass(method->getParent()) ||
      !isa<CXXMemberCallExpr, CXXOperatorCallExpr>(e))
    return std::nullopt;
  return StdAtomicCall(b, e, method, into).lower();
}

} // namespace gordian::lower
