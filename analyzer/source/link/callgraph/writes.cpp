// SPDX-License-Identifier: MIT
#include "source/link/callgraph/writes.h"

#include <algorithm>

namespace gordian::link {

/// Sets larger than this become "everything".
constexpr size_t kMaxKeys = 512;

bool WriteSet::has(WriteKey k) const {
  return all || std::binary_search(keys.begin(), keys.end(), k);
}

static void normalise(WriteSet &s) {
  std::sort(s.keys.begin(), s.keys.end());
  s.keys.erase(std::unique(s.keys.begin(), s.keys.end()), s.keys.end());
  if (s.keys.size() > kMaxKeys)
    s.all = true;
  if (s.all)
    s.keys.clear();
}

Writes::Writes(const Program &p, const CallGraph &graph) : program(p), index(p.functions().size(), 0) {
  sets.emplace_back();
  for (const std::vector<FunctionId> &part : graph.components()) {
    WriteSet set;
    for (FunctionId f : part) {
      collect(f, set);
      for (FunctionId callee : graph.callees(f)) {
        const WriteSet &theirs = sets[index[callee]];
        set.all = set.all || theirs.all;
        set.keys.insert(set.keys.end(), theirs.keys.begin(), theirs.keys.end());
      }
      if (set.keys.size() > 4 * kMaxKeys)
        normalise(set);
    }
    normalise(set);
    if (set.empty())
      continue;
    for (FunctionId f : part)
      index[f] = static_cast<uint32_t>(sets.size());
    sets.push_back(std::move(set));
  }
}

void Writes::collect(FunctionId f, WriteSet &into) {
  const FunctionEntry &e = program.function(f);
  bool constructs = e.ir->kind == ir::FunctionKind::Constructor ||
                    e.ir->kind == ir::FunctionKind::CopyConstructor ||
                    e.ir->kind == ir::FunctionKind::MoveConstructor;
  bool initialises = e.ir->kind == ir::FunctionKind::GlobalInit;
  for (const ir::Block &b : e.ir->blocks)
    for (const ir::Inst &i : b.insts) {
      bool writes = i.op == ir::Op::Store || i.op == ir::Op::Rmw || i.op == ir::Op::CopyObject ||
                    i.op == ir::Op::AddressOf || (i.op == ir::Op::Call && i.hasInto);
      if (!writes || i.path.id == kNone)
        continue;
      WriteKey key = 0;
      bool ofField = false;
      for (const ir::Proj &p : i.path.proj)
        if (p.kind == ir::ProjKind::Field) {
          key = fieldKey(program.classIn(e.unit, p.klass), p.index);
          ofField = true;
        }
      if (!key)
        key = i.path.root == ir::RootKind::Global  ? globalKey(program.globalIn(e.unit, i.path.id))
              : i.path.root == ir::RootKind::Deref ? kScalarTarget
                                                   : 0;
      if (!key)
        continue;
      if (!(ofField ? constructs : initialises))
        changing.insert(key);
      if (i.op != ir::Op::AddressOf)
        into.keys.push_back(key);
    }
}

} // namespace gordian::link
