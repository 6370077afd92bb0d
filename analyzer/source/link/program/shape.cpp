// SPDX-License-Identifier: MIT
//
// Depth-first order; natural loops by the back edges of that order, loops of one head joined (an irreducible
// region is treated as the loop of the block that is met first, which costs precision only); backward
// liveness of locals.
#include "source/link/program/shape.h"

#include <algorithm>
#include <functional>

namespace gordian::link {
namespace {

using ir::Id;
using ir::kNone;

void numberBlocks(const ir::Function &f, Shape &s) {
  s.rank.assign(f.blocks.size(), kNone);
  s.firstSite.assign(f.blocks.size(), 0);
  uint32_t site = 0;
  for (size_t b = 0; b < f.blocks.size(); ++b) {
    s.firstSite[b] = site;
    site += static_cast<uint32_t>(f.blocks[b].insts.size()) + 1;
  }
}

/// All successors, those of calls that throw included.
template <class F>
void forEachSuccessor(const ir::Block &b, F visit) {
  for (const ir::Inst &i : b.insts)
    if (i.op == ir::Op::Call && i.mayThrow && i.landing != kNone)
      visit(i.landing);
  for (Id next : b.term.successors)
    visit(next);
}

/// Iterative, since generated code has functions of thousands of blocks in a row.
void orderBlocks(const ir::Function &f, Shape &s, std::vector<std::pair<Id, Id>> &backEdges) {
  enum : uint8_t { New, Open, Done };
  std::vector<uint8_t> mark(f.blocks.size(), New);
  std::vector<std::vector<Id>> successors(f.blocks.size());
  std::vector<std::pair<Id, size_t>> stack;
  auto open = [&](Id b) {
    mark[b] = Open;
    forEachSuccessor(f.blocks[b], [&](Id n) { successors[b].push_back(n); });
    stack.push_back({b, 0});
  };
  open(0);
  while (!stack.empty()) {
    auto &[b, next] = stack.back();
    if (next == successors[b].size()) {
      mark[b] = Done;
      s.order.push_back(b);
      stack.pop_back();
      continue;
    }
    Id to = successors[b][next++];
    if (mark[to] == Open)
      backEdges.push_back({b, to});
    else if (mark[to] == New)
      open(to);
  }
  std::reverse(s.order.begin(), s.order.end());
  for (uint32_t n = 0; n < s.order.size(); ++n)
    s.rank[s.order[n]] = n;
}

void markStored(const ir::Function &f, Loop &loop) {
  loop.storedLocals.assign(f.locals.size(), false);
  for (Id b : loop.blocks)
    for (const ir::Inst &i : f.blocks[b].insts) {
      bool writes = i.op == ir::Op::Store || i.op == ir::Op::Rmw || i.op == ir::Op::CopyObject ||
                    i.op == ir::Op::AddressOf || i.op == ir::Op::Invalidate ||
                    (i.op == ir::Op::Call && i.hasInto);
      if (writes && i.path.root == ir::RootKind::Local && i.path.id != kNone)
        loop.storedLocals[i.path.id] = true;
    }
}

void findLoops(const ir::Function &f, Shape &s, const std::vector<std::pair<Id, Id>> &backEdges) {
  s.loopOf.assign(f.blocks.size(), kNone);
  s.loopAt.assign(f.blocks.size(), kNone);
  std::vector<std::vector<Id>> predecessors(f.blocks.size());
  for (Id b : s.order)
    forEachSuccessor(f.blocks[b], [&](Id n) { predecessors[n].push_back(b); });
  std::vector<std::vector<bool>> inside;
  for (auto [from, head] : backEdges) {
    if (s.loopAt[head] == kNone) {
      s.loopAt[head] = static_cast<uint32_t>(s.loops.size());
      s.loops.push_back({head, {head}, {}});
      inside.emplace_back(f.blocks.size(), false);
      inside.back()[head] = true;
    }
    Loop &loop = s.loops[s.loopAt[head]];
    std::vector<bool> &in = inside[s.loopAt[head]];
    std::vector<Id> work = {from};
    while (!work.empty()) {
      Id b = work.back();
      work.pop_back();
      // Blocks before the head in the order cannot be of a loop that is entered by the head only.
      if (in[b] || s.rank[b] < s.rank[head])
        continue;
      in[b] = true;
      loop.blocks.push_back(b);
      work.insert(work.end(), predecessors[b].begin(), predecessors[b].end());
    }
  }
  std::vector<uint32_t> bySize(s.loops.size());
  for (uint32_t n = 0; n < bySize.size(); ++n)
    bySize[n] = n;
  std::stable_sort(bySize.begin(), bySize.end(), [&](uint32_t a, uint32_t b) {
    return s.loops[a].blocks.size() > s.loops[b].blocks.size();
  });
  for (uint32_t n : bySize) {
    markStored(f, s.loops[n]);
    for (Id b : s.loops[n].blocks)
      s.loopOf[b] = n;
  }
}

template <class F>
void forEachUsedValue(const ir::Inst &i, F use) {
  auto path = [&](const ir::Path &p) {
    if (p.root == ir::RootKind::Deref)
      use(p.id);
    for (const ir::Proj &j : p.proj)
      if (j.kind == ir::ProjKind::IndexValue)
        use(j.index);
  };
  if (i.path.id != kNone)
    path(i.path);
  for (const ir::Operand &a : i.args)
    if (a.kind == ir::OperandKind::Value)
      use(a.id);
  if (i.callee.kind == ir::OperandKind::Value)
    use(i.callee.id);
}

void findCrossingValues(const ir::Function &f, Shape &s) {
  s.valueCrosses.assign(f.valueCount, false);
  std::vector<Id> definedIn(f.valueCount, kNone);
  for (Id b = 0; b < f.blocks.size(); ++b)
    for (const ir::Inst &i : f.blocks[b].insts)
      if (i.result != kNone)
        definedIn[i.result] = b;
  for (Id b = 0; b < f.blocks.size(); ++b) {
    auto use = [&](Id v) {
      if (definedIn[v] != b)
        s.valueCrosses[v] = true;
    };
    for (const ir::Inst &i : f.blocks[b].insts)
      forEachUsedValue(i, use);
    if (f.blocks[b].term.value.kind == ir::OperandKind::Value)
      use(f.blocks[b].term.value.id);
  }
}

/// Sets of locals, one for each block, as words of bits.
struct LocalSets {
  LocalSets(size_t blocks, size_t locals) : width((locals + 63) / 64), words(blocks * width, 0) {}
  uint64_t *of(Id b) { return words.data() + b * width; }
  void add(Id b, Id local) { of(b)[local / 64] |= uint64_t(1) << local % 64; }
  bool has(Id b, size_t local) { return of(b)[local / 64] >> local % 64 & 1; }
  size_t width;
  std::vector<uint64_t> words;
};

/// Locals whose address is taken, and those that are read or written in part, are live everywhere.
void findLiveLocals(const ir::Function &f, Shape &s) {
  size_t n = f.locals.size();
  std::vector<bool> always(n, false);
  LocalSets live(f.blocks.size(), n), writes = live;
  for (Id b : s.order)
    for (const ir::Inst &i : f.blocks[b].insts) {
      if (i.path.root != ir::RootKind::Local || i.path.id == kNone)
        continue;
      Id l = i.path.id;
      if ((i.op != ir::Op::Load && i.op != ir::Op::Store && i.op != ir::Op::Invalidate) ||
          !i.path.proj.empty())
        always[l] = true;
      else if (i.op != ir::Op::Load)
        writes.add(b, l);
      else if (!writes.has(b, l))
        live.add(b, l);
    }
  for (bool changed = true; changed;) {
    changed = false;
    for (auto b = s.order.rbegin(); b != s.order.rend(); ++b)
      forEachSuccessor(f.blocks[*b], [&](Id to) {
        uint64_t *mine = live.of(*b), *theirs = live.of(to), *written = writes.of(*b);
        for (size_t w = 0; w < live.width; ++w) {
          uint64_t more = theirs[w] & ~written[w] & ~mine[w];
          mine[w] |= more;
          changed = changed || more;
        }
      });
  }
  s.liveLocals.assign(f.blocks.size(), always);
  for (Id b : s.order)
    for (size_t l = 0; l < n; ++l)
      if (live.has(b, l))
        s.liveLocals[b][l] = true;
}

/// Landing blocks run destructors in a row and end in a Dispatch or an Unwind.
void findHandlers(const ir::Function &f, Shape &s) {
  s.leadsToHandler.assign(f.blocks.size(), false);
  for (bool changed = true; changed;) {
    changed = false;
    for (auto it = s.order.rbegin(); it != s.order.rend(); ++it) {
      const ir::Terminator &t = f.blocks[*it].term;
      bool leads = t.kind == ir::TermKind::Dispatch && !t.handlers.empty();
      if (t.kind == ir::TermKind::Jump || t.kind == ir::TermKind::Branch)
        for (Id to : t.successors)
          leads = leads || s.leadsToHandler[to];
      if (leads && !s.leadsToHandler[*it]) {
        s.leadsToHandler[*it] = true;
        changed = true;
      }
    }
  }
}

} // namespace

Shape shapeOf(const ir::Function &f) {
  Shape s;
  if (f.blocks.empty())
    return s;
  std::vector<std::pair<Id, Id>> backEdges;
  numberBlocks(f, s);
  orderBlocks(f, s, backEdges);
  findLoops(f, s, backEdges);
  findCrossingValues(f, s);
  findLiveLocals(f, s);
  findHandlers(f, s);
  return s;
}

} // namespace gordian::link
