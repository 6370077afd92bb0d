// SPDX-License-Identifier: MIT
//
// Blocks, instructions and locals of a body.
#include "source/lower/body.h"

using namespace clang;

namespace gordian::lower {

// ---------------------------------------------------------------- blocks

Id Body::newBlock() {
  blocks.emplace_back();
  blocks.back().term.kind = ir::TermKind::Stop; // until it is ended
  return Id(blocks.size() - 1);
}

ir::Terminator &Body::end(ir::TermKind kind, SourceLocation location) {
  if (!reachable())
    current = newBlock(); // dead code: dropped by simplifyBlocks
  ir::Terminator &term = blocks[current].term;
  term.kind = kind;
  term.loc = unit.places.loc(location);
  current = kNone;
  return term;
}

void Body::jump(Id to) {
  end(ir::TermKind::Jump, {}).successors = {to};
}

void Body::jumpIfReachable(Id to) {
  if (reachable())
    jump(to);
}

void Body::branch(const Operand &condition, Id yes, Id no, SourceLocation location) {
  if (condition.kind == ir::OperandKind::Integer)
    return jump(condition.integer ? yes : no);
  if (condition.kind == ir::OperandKind::Null)
    return jump(no);
  if (condition.kind == ir::OperandKind::Function || condition.kind == ir::OperandKind::String)
    return jump(yes);
  ir::Terminator &term = end(ir::TermKind::Branch, location);
  term.value = condition;
  term.successors = {yes, no};
}

// ---------------------------------------------------------------- instructions

ir::Inst &Body::emit(ir::Op op, SourceLocation location) {
  if (!reachable())
    current = newBlock();
  ir::Inst &inst = blocks[current].insts.emplace_back();
  inst.op = op;
  inst.loc = unit.places.loc(location);
  return inst;
}

Operand Body::define(ir::Inst &inst) {
  inst.result = valueCount++;
  return Operand{ir::OperandKind::Value, inst.result, 0};
}

Operand Body::integer(int64_t value) {
  return Operand{ir::OperandKind::Integer, kNone, value};
}

Operand Body::functionOperand(const FunctionDecl *callee) {
  return Operand{ir::OperandKind::Function, unit.function(callee), 0};
}

Operand Body::zero(QualType type) const {
  type = type.getCanonicalType();
  if (type->isPointerType() || type->isMemberPointerType() || type->isNullPtrType() ||
      type->isBlockPointerType())
    return null();
  return type->isIntegralOrEnumerationType() ? integer(0) : unknown();
}

/// Pointers say what they point to; numbers need no type.
static bool worthKeeping(QualType type) {
  return !type.isNull() && (type->isPointerType() || type->isReferenceType() || type->isRecordType());
}

void setAccessKind(ir::Inst &inst, QualType type) {
  if (type.isNull())
    return;
  if (type->isAtomicType())
    inst.access = ir::AccessKind::Atomic;
  else if (type.isVolatileQualified())
    inst.access = ir::AccessKind::Volatile;
}

Operand Body::load(const Path &path, QualType type, SourceLocation location) {
  ir::Inst &inst = emit(ir::Op::Load, location);
  inst.path = path;
  setAccessKind(inst, type);
  Operand out = define(inst);
  if (worthKeeping(type)) {
    Id id = unit.type(type.getUnqualifiedType());
    blocks[current].insts.back().type = id;
  }
  return out;
}

void Body::store(const Path &path, const Operand &value, QualType type, SourceLocation location) {
  ir::Inst &inst = emit(ir::Op::Store, location);
  inst.path = path;
  inst.args = {value};
  setAccessKind(inst, type);
}

Operand Body::addressOf(const Path &path, QualType objectType, SourceLocation location, bool escapes) {
  if (path.root == ir::RootKind::Deref && path.proj.empty())
    return Operand{ir::OperandKind::Value, path.id, 0};
  if (path.root == ir::RootKind::Local && escapes)
    locals[path.id].escapes = true;
  Id type = worthKeeping(objectType) ? unit.type(ast.getPointerType(objectType.getUnqualifiedType())) : kNone;
  ir::Inst &inst = emit(ir::Op::AddressOf, location);
  inst.path = path;
  inst.type = type;
  return define(inst);
}

Operand Body::copy(const Operand &value, QualType type, SourceLocation location) {
  Id id = worthKeeping(type) ? unit.type(type.getUnqualifiedType()) : kNone;
  ir::Inst &inst = emit(ir::Op::Copy, location);
  inst.args = {value};
  inst.type = id;
  return define(inst);
}

static bool isConstant(const Operand &a) {
  return a.kind == ir::OperandKind::Integer;
}

static bool holds(ir::Predicate predicate, int64_t a, int64_t b) {
  switch (predicate) {
  case ir::Predicate::Eq:
    return a == b;
  case ir::Predicate::Ne:
    return a != b;
  case ir::Predicate::Lt:
    return a < b;
  case ir::Predicate::Le:
    return a <= b;
  case ir::Predicate::Gt:
    return a > b;
  case ir::Predicate::Ge:
    return a >= b;
  }
  return false;
}

Operand Body::compare(ir::Predicate predicate, const Operand &a, const Operand &b, SourceLocation location) {
  if (isConstant(a) && isConstant(b))
    return integer(holds(predicate, a.integer, b.integer));
  ir::Inst &inst = emit(ir::Op::Compare, location);
  inst.predicate = predicate;
  inst.args = {a, b};
  return define(inst);
}

Operand Body::logicalNot(const Operand &a, SourceLocation location) {
  if (isConstant(a))
    return integer(!a.integer);
  if (a.kind == ir::OperandKind::Null)
    return integer(1);
  ir::Inst &inst = emit(ir::Op::Not, location);
  inst.args = {a};
  return define(inst);
}

/// nullopt: not a plain 64-bit result.
static std::optional<int64_t> fold(ir::Arithmetic arithmetic, int64_t a, int64_t b) {
  int64_t out = 0;
  switch (arithmetic) {
  case ir::Arithmetic::Add:
    return __builtin_add_overflow(a, b, &out) ? std::nullopt : std::optional(out);
  case ir::Arithmetic::Sub:
    return __builtin_sub_overflow(a, b, &out) ? std::nullopt : std::optional(out);
  case ir::Arithmetic::Mul:
    return __builtin_mul_overflow(a, b, &out) ? std::nullopt : std::optional(out);
  case ir::Arithmetic::And:
    return a & b;
  case ir::Arithmetic::Or:
    return a | b;
  case ir::Arithmetic::Xor:
    return a ^ b;
  case ir::Arithmetic::Shl:
    return b >= 0 && b < 32 && a >= 0 && a < (int64_t(1) << 31) ? std::optional(a << b) : std::nullopt;
  default:
    return std::nullopt;
  }
}

Operand Body::arith(ir::Arithmetic arithmetic, const Operand &a, const Operand &b, SourceLocation location) {
  if (isConstant(a) && isConstant(b))
    if (auto result = fold(arithmetic, a.integer, b.integer))
      return integer(*result);
  if (arithmetic == ir::Arithmetic::Neg && isConstant(a) && a.integer != INT64_MIN)
    return integer(-a.integer);
  ir::Inst &inst = emit(ir::Op::Arith, location);
  inst.arithmetic = arithmetic;
  inst.args = {a};
  if (b.kind != ir::OperandKind::None)
    inst.args.push_back(b);
  return define(inst);
}

void Body::copyObject(const Path &to, const Path &from, QualType type, SourceLocation location) {
  if (to == from)
    return;
  Operand source = addressOf(from, type, location, /*escapes=*/false);
  ir::Inst &inst = emit(ir::Op::CopyObject, location);
  inst.path = to;
  inst.args = {source};
}

Path Body::deref(const Operand &pointer, QualType pointerType, SourceLocation location) {
  Operand value = pointer;
  if (value.kind != ir::OperandKind::Value)
    value = copy(value, pointerType, location);
  return Path{ir::RootKind::Deref, value.id, {}};
}

Path Body::indexed(Path base, const Operand &index) const {
  ir::Proj proj;
  proj.kind = ir::ProjKind::IndexAny;
  if (index.kind == ir::OperandKind::Integer && index.integer >= 0 && index.integer <= UINT32_MAX) {
    proj.kind = ir::ProjKind::Index;
    proj.index = uint32_t(index.integer);
  } else if (index.kind == ir::OperandKind::Value) {
    proj.kind = ir::ProjKind::IndexValue;
    proj.index = index.id;
  }
  base.proj.push_back(proj);
  return base;
}

Operand Body::runtimeCall(llvm::StringRef name, std::vector<Operand> args, SourceLocation location) {
  Id callee = unit.runtimeFunction(name);
  ir::Inst &inst = emit(ir::Op::Call, location);
  inst.function = callee;
  inst.args = std::move(args);
  inst.implicit = true;
  return define(inst);
}

ir::Arithmetic arithmeticOf(BinaryOperatorKind kind) {
  switch (kind) {
  case BO_Sub:
    return ir::Arithmetic::Sub;
  case BO_Mul:
    return ir::Arithmetic::Mul;
  case BO_Div:
    return ir::Arithmetic::Div;
  case BO_Rem:
    return ir::Arithmetic::Rem;
  case BO_And:
    return ir::Arithmetic::And;
  case BO_Or:
    return ir::Arithmetic::Or;
  case BO_Xor:
    return ir::Arithmetic::Xor;
  case BO_Shl:
    return ir::Arithmetic::Shl;
  case BO_Shr:
    return ir::Arithmetic::Shr;
  default:
    return ir::Arithmetic::Add;
  }
}

// ---------------------------------------------------------------- locals

Id Body::newLocal(llvm::StringRef name, QualType type, SourceLocation location, bool isTemporary) {
  ir::Local local;
  local.name = name.str();
  local.type = unit.type(type.getUnqualifiedType());
  local.loc = unit.places.loc(location);
  local.temporary = isTemporary;
  locals.push_back(std::move(local));
  return Id(locals.size() - 1);
}

Path Body::temporary(QualType type, SourceLocation location) {
  return Path{ir::RootKind::Local, newLocal("", type, location, true), {}};
}

void Body::invalidate(const Path &path, SourceLocation location) {
  emit(ir::Op::Invalidate, location).path = path;
}

} // namespace gordian::lower
