// SPDX-License-Identifier: MIT
#include "source/link/callgraph/writes.h"

#include <algorithm>
#include <map>
#include <set>

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

/// Static locals that their initialiser alone writes: what they hold is the same for ever.
static std::set<ir::Id> initialisedOnce(const Program &program, const FunctionEntry &e) {
  bool guarded = false;
  std::map<ir::Id, unsigned> stores;
  for (const ir::Block &b : e.ir->blocks)
    for (const ir::Inst &i : b.insts) {
      if (i.op == ir::Op::Call && i.function != kNone)
        guarded = guarded ||
                  program.function(program.functionIn(e.unit, i.function)).ir->name == "__cxa_guard_acquire";
      else if (i.path.id != kNone && i.path.root == ir::RootKind::Global && i.path.proj.empty() &&
               (i.op == ir::Op::Store || i.op == ir::Op::Rmw))
        stores[i.path.id] += i.op == ir::Op::Store ? 1 : 2;
    }
  std::set<ir::Id> out;
  for (const auto &[global, count] : stores)
    if (guarded && count == 1 && program.unit(e.unit).globals[global].ownerFunction != kNone)
      out.insert(global);
  return out;
}

void Writes::collect(FunctionId f, WriteSet &into) {
  const FunctionEntry &e = program.function(f);
  std::set<ir::Id> once = initialisedOnce(program, e);
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
      bool ofField = false, makesClosure = false;
      for (const ir::Proj &p : i.path.proj)
        if (p.kind == ir::ProjKind::Field) {
          ClassId klass = program.classIn(e.unit, p.klass);
          key = fieldKey(klass, p.index);
          ofField = true;
          makesClosure = i.op == ir::Op::Store && i.path.root == ir::RootKind::Local &&
                         program.klass(klass).ir->isLambda;
        }
      if (!key)
        key = i.path.root == ir::RootKind::Global  ? globalKey(program.globalIn(e.unit, i.path.id))
              : i.path.root == ir::RootKind::Deref ? kScalarTarget
                                                   : 0;
      if (!key)
        continue;
      bool initialisesThis = initialises || (i.path.root == ir::RootKind::Global && once.count(i.path.id) &&
                                             i.op == ir::Op::Store);
      if (!(ofField ? constructs || makesClosure : initialisesThis))
        changing.insert(key);
      if (i.op != ir::Op::AddressOf)
        into.keys.push_back(key);
    }
}

} // namespace gordian::link
