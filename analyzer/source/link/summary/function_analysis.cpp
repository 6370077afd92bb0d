// SPDX-License-Identifier: MIT
#include "source/link/summary/function_analysis.h"

#include <algorithm>

namespace gordian::link {

using ir::TermKind;

static Frame makeFrame(const Context &c, FunctionId f, bool matters) {
  const FunctionEntry &e = c.program.function(f);
  Frame frame;
  frame.id = f;
  frame.unit = e.unit;
  frame.ir = e.ir;
  frame.shape = shapeOf(*e.ir);
  frame.maxStates = !matters ? 1 : c.graph.isInCrowd(f) ? 2 : 8;
  for (const ir::Block &b : e.ir->blocks)
    for (const ir::Inst &i : b.insts)
      if (i.op == ir::Op::Call && i.function != kNone) {
        const Row *row = c.program.function(c.program.functionIn(e.unit, i.function)).row;
        frame.notifies = frame.notifies || (row && row->effect == Effect::ConditionNotify);
        if (row && row->effect == Effect::SetJump) {
          frame.jumpBlock = static_cast<ir::Id>(&b - e.ir->blocks.data());
          frame.jumpIndex = static_cast<uint32_t>(&i - b.insts.data());
        }
      }
  return frame;
}

FunctionAnalysis::FunctionAnalysis(Context &c, FunctionId f, bool matters)
    : context(c), frame(makeFrame(c, f, matters)), recorder(c, frame), transfer(c, frame, recorder),
      join(c, frame), conditions(c), memory(c, frame) {
  prepareLoops();
}

void FunctionAnalysis::prepareLoops() {
  const ir::Function &f = *frame.ir;
  for (const Loop &l : frame.shape.loops) {
    Places p;
    p.function = frame.id;
    p.blocks.assign(f.blocks.size(), false);
    WriteSet writes, own;
    bool joins = false, starts = false;
    for (ir::Id b : l.blocks) {
      p.blocks[b] = true;
      p.bits |= Symbols::siteBit(frame.id, b, true);
      uint32_t site = frame.shape.firstSite[b];
      for (const ir::Inst &i : f.blocks[b].insts) {
        p.bits |= Symbols::siteBit(frame.id, site, false);
        if (p.sites.size() <= site)
          p.sites.resize(site + 1, false);
        p.sites[site++] = true;
        if (i.op == ir::Op::Call && i.function != kNone)
          if (const Row *row =
                  context.program.function(context.program.functionIn(frame.unit, i.function)).row) {
            joins = joins || row->effect == Effect::Join || row->effect == Effect::FutureWait;
            starts = starts || row->effect == Effect::Spawn || row->effect == Effect::SpawnInto ||
                     row->effect == Effect::SpawnFuture;
          }
        if (i.op == ir::Op::Call)
          for (FunctionId t : context.graph.targetsOf(frame.id, i).functions) {
            const WriteSet &theirs = context.writes.of(t);
            writes.all = writes.all || theirs.all;
            writes.keys.insert(writes.keys.end(), theirs.keys.begin(), theirs.keys.end());
          }
        if (i.op != ir::Op::Store && i.op != ir::Op::Rmw)
          continue;
        WriteKey key = 0;
        for (const ir::Proj &j : i.path.proj)
          if (j.kind == ir::ProjKind::Field)
            key = fieldKey(context.program.classIn(frame.unit, j.klass), j.index);
        if (!key && i.path.root != ir::RootKind::Local)
          key = i.path.root == ir::RootKind::Global
                    ? globalKey(context.program.globalIn(frame.unit, i.path.id))
                    : kScalarTarget;
        if (key)
          own.keys.push_back(key);
      }
    }
    writes.keys.insert(writes.keys.end(), own.keys.begin(), own.keys.end());
    for (auto [set, list] : {std::pair(&writes, &frame.loopWrites), std::pair(&own, &frame.loopOwnWrites)}) {
      std::sort(set->keys.begin(), set->keys.end());
      set->keys.erase(std::unique(set->keys.begin(), set->keys.end()), set->keys.end());
      context.loopWrites.push_back(std::move(*set));
      list->push_back(&context.loopWrites.back());
    }
    frame.loopPlaces.push_back(std::move(p));
    frame.loopJoins.push_back(joins && !starts);
  }
}

State FunctionAnalysis::entry() const {
  State s;
  for (uint32_t l = 0; l < frame.ir->locals.size(); ++l)
    if (frame.ir->locals[l].param != kNone)
      Memory::store(s, context.syms.local(frame.id, l), context.syms.param(frame.ir->locals[l].param));
  transfer.holdRequired(s);
  return s;
}

// ---------------------------------------------------------------- the fixpoint

/// Forgets what nothing can read any more.
void FunctionAnalysis::prune(State &s, ir::Id to) const {
  const std::vector<bool> &live = frame.shape.liveLocals[to];
  std::erase_if(s.memory, [&](const Binding &b) {
    const SymNode &root = context.syms.node(context.syms.rootOf(b.first));
    return root.kind == SymKind::Local && root.a == frame.id && !live[root.b];
  });
  std::erase_if(s.values, [&](const auto &v) { return !frame.shape.valueCrosses[v.first]; });
}

/// Behind a loop that joins the threads of a container all of them are joined, also where it made no round:
/// then none was started, which the states do not know (may miss).
void FunctionAnalysis::leaveJoiningLoop(ir::Id from, ir::Id to, State &s) const {
  uint32_t loop = frame.shape.loopAt[from];
  if (loop == kNone || !frame.loopJoins[loop] || frame.loopPlaces[loop].hasBlock(to))
    return;
  if (!std::erase_if(s.threads, [&](const LiveThread &t) { return t.ofMany(context.syms); }))
    s.joinedMany = true;
}

void FunctionAnalysis::deliver(ir::Id from, ir::Id to, State s) {
  if (settled || frame.shape.rank[to] == kNone)
    return;
  prune(s, to);
  leaveJoiningLoop(from, to, s);
  Join::Place place = Join::Place::Block;
  if (uint32_t loop = frame.shape.loopAt[to]; loop != kNone) {
    place = Join::Place::LoopHead;
    if (frame.shape.rank[from] >= frame.shape.rank[to])
      join.startRound(s, loop, states[to]);
    join.enterLoop(s, loop);
  }
  int changed = join.into(states[to], std::move(s), to, place);
  if (changed < 0)
    return;
  inOrder = inOrder && frame.shape.rank[to] > running;
  recorder.on = recorder.on && (inOrder || frame.shape.loops.empty());
  dirty[to].resize(states[to].size(), false);
  dirty[to][static_cast<size_t>(changed)] = true;
  work.insert(frame.shape.rank[to]);
}

void FunctionAnalysis::throwFrom(ir::Id landing, Thrown t, uint32_t site) {
  t.state.unwinding = true;
  t.state.assumedThrow = t.state.assumedThrow || !t.shown;
  if (landing == kNone) {
    if (t.shown)
      leave(std::move(t.state), kNoSym, true, site);
    return;
  }
  ir::Id from = kNone;
  for (ir::Id b = 0; b < frame.ir->blocks.size(); ++b)
    if (frame.shape.firstSite[b] <= site)
      from = b;
  deliver(from, landing, std::move(t.state));
}

void FunctionAnalysis::leave(State s, Sym result, bool unwinds, uint32_t site) {
  if (recorder.on && !(unwinds && s.assumedThrow))
    exits.push_back({std::move(s), result, unwinds, site});
}

void FunctionAnalysis::finishBlock(ir::Id b, State s) {
  const ir::Terminator &t = frame.ir->blocks[b].term;
  uint32_t site = frame.shape.firstSite[b] + static_cast<uint32_t>(frame.ir->blocks[b].insts.size());
  switch (t.kind) {
  case TermKind::Jump:
    return deliver(b, t.successors[0], std::move(s));
  case TermKind::Branch: {
    Sym value = transfer.operand(s, t.value);
    State other = s;
    if (conditions.assume(s, value, true))
      deliver(b, t.successors[0], std::move(s));
    if (conditions.assume(other, value, false))
      deliver(b, t.successors[1], std::move(other));
    return;
  }
  case TermKind::Switch: {
    Sym value = transfer.operand(s, t.value);
    State rest = s;
    bool possible = true;
    for (size_t n = 0; n < t.cases.size(); ++n) {
      State taken = s;
      Sym constant = context.syms.integer(t.cases[n]);
      if (conditions.assume(taken, Atom{value, ir::Predicate::Eq, constant}))
        deliver(b, t.successors[n], std::move(taken));
      possible = possible && conditions.assume(rest, Atom{value, ir::Predicate::Ne, constant});
    }
    if (possible)
      deliver(b, t.successors.back(), std::move(rest));
    return;
  }
  case TermKind::Dispatch:
    for (size_t n = 0; n < t.successors.size(); ++n) {
      State taken = s;
      if (n < t.handlers.size()) {
        // Somebody wrote a handler: what it catches is thrown.
        taken.unwinding = taken.assumedThrow = false;
      } else if (!t.handlers.empty()) {
        taken.assumedThrow = true; // that no handler fits is only known of the type (may miss)
      }
      deliver(b, t.successors[n], std::move(taken));
    }
    return;
  case TermKind::Return:
    return leave(std::move(s), t.value.kind == ir::OperandKind::None ? kNoSym : transfer.operand(s, t.value),
                 false, site);
  case TermKind::Throw:
    return throwFrom(t.successors.empty() ? kNone : t.successors[0], {std::move(s), true}, site);
  case TermKind::Unwind:
    return leave(std::move(s), kNoSym, true, site);
  case TermKind::Stop:
    return;
  }
}

/// The second return of setjmp: the rest of its block with the locks and memory of the jump.
void FunctionAnalysis::goOnBehindSetjmp(State s) {
  if (resuming)
    return;
  resuming = true;
  s.endsThread = s.jumps = false;
  transfer.define(s, frame.ir->blocks[frame.jumpBlock].insts[frame.jumpIndex], context.syms.integer(1));
  runBlock(frame.jumpBlock, std::move(s), frame.jumpIndex + 1);
  resuming = false;
}

void FunctionAnalysis::runBlock(ir::Id b, State start, uint32_t first) {
  std::vector<State> now;
  now.push_back(std::move(start));
  uint32_t site = frame.shape.firstSite[b] + first;
  for (; first < frame.ir->blocks[b].insts.size(); ++first) {
    const ir::Inst &i = frame.ir->blocks[b].insts[first];
    std::vector<State> more;
    std::vector<Thrown> thrown;
    for (State &s : now)
      transfer.step(i, site, b, s, more, thrown);
    // In a noexcept function, and while an exception passes, what throws ends the program.
    if (i.mayThrow)
      for (Thrown &t : thrown)
        throwFrom(i.landing, std::move(t), site);
    std::move(more.begin(), more.end(), std::back_inserter(now));
    for (State &s : now)
      if (s.endsThread) {
        if (s.jumps && frame.jumpBlock != kNone)
          goOnBehindSetjmp(s);
        else
          leave(s, kNoSym, false, site);
        s.dead = true;
      }
    std::erase_if(now, [](const State &s) { return s.dead; });
    ++site;
    steps += now.size();
    if (now.size() > frame.maxStates) {
      std::vector<State> kept;
      for (State &s : now)
        join.into(kept, std::move(s), b, Join::Place::Block);
      now = std::move(kept);
    }
  }
  for (State &s : now)
    finishBlock(b, std::move(s));
}

void FunctionAnalysis::solve() {
  size_t size = 0;
  for (const ir::Block &b : frame.ir->blocks)
    size += b.insts.size() + 1;
  budget = 400 * size + 20000;
  states[0].push_back(entry());
  dirty[0] = {true};
  work.insert(frame.shape.rank[0]);
  drain();
  if (frame.maxStates > 1 && !frame.shape.loops.empty() && steps <= budget / 2) {
    restartFromLoops();
    recorder.on = inOrder = true;
    drain();
  }
}

/// What a loop's head sent on before its values had settled is no path of its own, but stays beside the
/// settled ones and knows less than they do. So once the heads are settled all else is made again from them.
void FunctionAnalysis::restartFromLoops() {
  for (ir::Id b = 0; b < frame.ir->blocks.size(); ++b) {
    if (frame.shape.rank[b] == kNone)
      continue;
    bool start = b == 0 || frame.shape.loopAt[b] != kNone;
    if (!start)
      states[b].clear();
    dirty[b].assign(states[b].size(), start);
    if (start && !states[b].empty())
      work.insert(frame.shape.rank[b]);
  }
}

void FunctionAnalysis::drain() {
  while (!work.empty()) {
    running = *work.begin();
    work.erase(work.begin());
    ir::Id b = frame.shape.order[running];
    for (size_t n = 0; n < dirty[b].size(); ++n)
      if (dirty[b][n]) {
        dirty[b][n] = false;
        runBlock(b, states[b][n]);
      }
    if (steps > budget) {
      ++context.cuts.functions;
      inOrder = false;
      break;
    }
  }
}

void FunctionAnalysis::record() {
  recorder.clear();
  exits.clear();
  recorder.on = settled = true;
  for (ir::Id b : frame.shape.order)
    for (const State &s : states[b])
      runBlock(b, s);
}

FunctionAnalysis::Outcome FunctionAnalysis::run() {
  if (frame.ir->blocks.empty())
    return Outcome::Same;
  states.assign(frame.ir->blocks.size(), {});
  dirty.assign(frame.ir->blocks.size(), {});
  // Without loops each block's states are complete when its turn comes: one pass does both.
  recorder.on = frame.shape.loops.empty();
  solve();
  if (!frame.shape.loops.empty() && !inOrder)
    record();
  Summary made = summarise();
  const Summary &before = context.summaries[frame.id];
  Outcome outcome = !isSame(before, made) ? Outcome::Changed
                    : before == made      ? Outcome::Same
                                          : Outcome::Refined;
  context.summaries[frame.id] = std::move(made);
  context.events[frame.id] = std::move(recorder.events);
  for (const auto &[field, capture] : recorder.captures)
    context.captures.try_emplace(field, capture);
  return outcome;
}

} // namespace gordian::link
