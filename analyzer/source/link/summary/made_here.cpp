// SPDX-License-Identifier: MIT
#include "source/link/summary/made_here.h"

namespace gordian::link {

/// Whether all that is stored in the variable is null or the address of a new object, or a base of it.
bool MadeHere::holdsOnlyNew(uint32_t local) const {
  std::vector<bool> isNew(ir.valueCount, false);
  auto isNewObject = [&](const ir::Path &p) { return p.root == ir::RootKind::Deref && isNew[p.id]; };
  for (const ir::Block &b : ir.blocks)
    for (const ir::Inst &i : b.insts)
      if (i.result != kNone)
        isNew[i.result] = i.op == ir::Op::Alloc || (i.op == ir::Op::AddressOf && isNewObject(i.path));
  bool any = false;
  for (const ir::Block &b : ir.blocks)
    for (const ir::Inst &i : b.insts) {
      bool ofLocal = i.path.id == local && i.path.root == ir::RootKind::Local && i.path.proj.empty();
      if (!ofLocal || i.op == ir::Op::Load)
        continue;
      if (i.op != ir::Op::Store)
        return false;
      const ir::Operand &value = i.args[0];
      bool made = value.kind == ir::OperandKind::Value && isNew[value.id];
      if (!made && value.kind != ir::OperandKind::Null)
        return false;
      any = any || made;
    }
  return any;
}

bool MadeHere::has(Sym object) const {
  const SymNode &n = syms.node(object);
  if (n.a != id)
    return false;
  if (n.kind == SymKind::FromCall)
    return syms.kind(static_cast<Sym>(n.n)) == SymKind::Alloc;
  if (n.kind != SymKind::Phi || n.n >= syms.size())
    return n.kind == SymKind::Alloc;
  const SymNode &cell = syms.node(static_cast<Sym>(n.n));
  return cell.kind == SymKind::Local && cell.a == id && holdsOnlyNew(cell.b);
}

bool MadeHere::hangsOff(Sym path, Sym object) const {
  if (path == kNoSym)
    return false;
  for (;;) {
    const SymNode &n = syms.node(path);
    if (path == object || has(path))
      return true;
    if (n.kind != SymKind::Field && n.kind != SymKind::Load && n.kind != SymKind::Element &&
        n.kind != SymKind::Slot)
      return false;
    path = n.a;
  }
}

} // namespace gordian::link
