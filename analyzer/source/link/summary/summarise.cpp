// SPDX-License-Identifier: MIT
//
// A function matters if it, or something that it calls, touches a lock, a guard, a condition or a thread:
// only such functions are followed along several paths. A recursive component is repeated until its summaries
// are stable, three times at most: what a fourth round would find is one more level of recursion.
#include "source/link/summary/summarise.h"
#include "source/link/summary/digest.h"
#include "source/link/summary/function_analysis.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <thread>

namespace gordian::link {

constexpr unsigned kMaxRounds = 3;

static bool isLockEffect(Effect e) {
  return e <= Effect::ThreadSwap;
}

/// It returns a pair, perhaps of two objects in the order in which they are to be locked.
static bool returnsPair(const Context &c, const FunctionEntry &e) {
  if (e.ir->resultLocal == ir::kNone)
    return false;
  ir::Id type = e.ir->locals[e.ir->resultLocal].type;
  return type != ir::kNone && c.program.unit(e.unit).types[type].name.starts_with("std::pair<") &&
         c.program.unit(e.unit).types[type].name.find('*') != std::string::npos;
}

/// By function: whether it matters.
static std::vector<bool> findMattering(const Context &c) {
  std::vector<bool> matters(c.program.functions().size(), false);
  for (const std::vector<FunctionId> &part : c.graph.components()) {
    bool any = false;
    for (FunctionId f : part) {
      const FunctionEntry &e = c.program.function(f);
      any = any || returnsPair(c, e);
      for (const ir::Block &b : e.ir->blocks)
        for (const ir::Inst &i : b.insts) {
          if (i.op != ir::Op::Call)
            continue;
          if (i.call == ir::CallKind::Indirect) {
            any = true;
          } else if (const Row *row = c.program.function(c.program.functionIn(e.unit, i.function)).row) {
            any = any || isLockEffect(row->effect);
          } else {
            const FunctionEntry &callee = c.program.function(c.program.functionIn(e.unit, i.function));
            any = any || (!callee.hasBody() && !callee.ir->attributes.empty());
          }
        }
      for (FunctionId callee : c.graph.callees(f))
        any = any || matters[callee];
    }
    for (FunctionId f : part)
      matters[f] = any;
  }
  return matters;
}

/// In rounds, until the summaries are stable. A member is looked at again only if something of what it calls
/// came out otherwise since.
static void summariseTogether(Context &c, const std::vector<FunctionId> &part,
                              const std::vector<bool> &matters) {
  using Outcome = FunctionAnalysis::Outcome;
  unsigned turn = 0;
  std::map<FunctionId, unsigned> looked, differed; // by member: the last turn
  auto isStale = [&](FunctionId f) {
    if (!looked.count(f))
      return true;
    const std::vector<FunctionId> &callees = c.graph.callees(f);
    return std::any_of(callees.begin(), callees.end(), [&](FunctionId callee) {
      auto at = differed.find(callee);
      return at != differed.end() && at->second >= looked[f];
    });
  };
  bool changed = true;
  for (unsigned round = 0; changed && round < kMaxRounds; ++round) {
    changed = false;
    for (FunctionId f : part) {
      if (!isStale(f))
        continue;
      looked[f] = ++turn;
      Outcome outcome = FunctionAnalysis(c, f, matters[f]).run();
      if (outcome != Outcome::Same)
        differed[f] = turn;
      changed = changed || outcome == Outcome::Changed;
    }
  }
}

/// Calls each(worker, n) for all n below `count`, on so many threads.
static void inParallel(size_t count, size_t workers, const std::function<void(size_t, size_t)> &each) {
  std::atomic<size_t> next = 0;
  auto work = [&](size_t worker) {
    for (size_t n = next++; n < count; n = next++)
      each(worker, n);
  };
  std::vector<std::jthread> threads;
  for (size_t worker = 1; worker < std::min(workers, count); ++worker)
    threads.emplace_back(work, worker);
  work(0);
}

namespace {
/// The components of the call graph, level by level: those of one level need only what lower ones have found,
/// so they are analysed side by side, and nothing depends on which comes first.
class Summariser : public OtherSummaries {
public:
  Summariser(Context &c, unsigned jobs);
  void run();
  Summary find(FunctionId f, Context &c) const override;

private:
  uint32_t levelAbove(uint32_t part) const;
  void summarise(uint32_t part, Context &c) const;

  Context &whole;
  const std::vector<std::vector<FunctionId>> &parts;
  std::vector<bool> matters;
  std::vector<uint32_t> partOf, levelOf; // by function, by component
  std::vector<std::vector<uint32_t>> levels;
  uint32_t level = 0;
  std::vector<Digest> digests; // by component
  std::vector<std::unique_ptr<Context>> workers;
};
} // namespace

Summariser::Summariser(Context &c, unsigned jobs)
    : whole(c), parts(c.graph.components()), matters(findMattering(c)),
      partOf(c.program.functions().size(), kNone), digests(parts.size()) {
  for (uint32_t p = 0; p < parts.size(); ++p) {
    for (FunctionId f : parts[p])
      partOf[f] = p;
    levelOf.push_back(levelAbove(p));
    levels.resize(std::max<size_t>(levels.size(), levelOf[p] + 1));
    levels[levelOf[p]].push_back(p);
  }
  for (unsigned n = 0; n < jobs; ++n)
    workers.push_back(std::make_unique<Context>(c.world, this));
}

/// What it calls, and what it only names: a callee may call that back.
uint32_t Summariser::levelAbove(uint32_t part) const {
  uint32_t above = 0;
  auto need = [&](FunctionId f) {
    if (partOf[f] < part) // callees come before
      above = std::max(above, levelOf[partOf[f]] + 1);
  };
  for (FunctionId f : parts[part]) {
    for (FunctionId callee : whole.graph.callees(f))
      need(callee);
    const FunctionEntry &e = whole.program.function(f);
    for (const ir::Block &b : e.ir->blocks)
      for (const ir::Inst &i : b.insts)
        for (const ir::Operand &o : i.args)
          if (o.kind == ir::OperandKind::Function)
            need(whole.program.functionIn(e.unit, o.id));
  }
  return above;
}

Summary Summariser::find(FunctionId f, Context &c) const {
  uint32_t part = partOf[f];
  if (part == kNone || levelOf[part] >= level)
    return {};
  auto member = std::lower_bound(parts[part].begin(), parts[part].end(), f);
  return summaryFrom(digests[part], part, digests[part].members[member - parts[part].begin()], c);
}

void Summariser::summarise(uint32_t part, Context &c) const {
  for (FunctionId f : parts[part]) {
    c.keep(f);
    c.summaries[f].known = true;
  }
  if (c.graph.isRecursive(parts[part][0]))
    summariseTogether(c, parts[part], matters);
  else
    FunctionAnalysis(c, parts[part][0], matters[parts[part][0]]).run();
}

void Summariser::run() {
  for (level = 0; level < levels.size(); ++level)
    inParallel(levels[level].size(), workers.size(), [&](size_t worker, size_t n) {
      uint32_t part = levels[level][n];
      summarise(part, *workers[worker]);
      digests[part] = digestOf(*workers[worker], parts[part]);
    });
  workers.clear();
  Joiner joiner(whole, digests.size());
  for (uint32_t part = 0; part < digests.size(); ++part)
    joiner.add(std::exchange(digests[part], {}), part);
}

void summariseAll(Context &c, unsigned jobs) {
  Summariser(c, std::max(1u, jobs)).run();
}

} // namespace gordian::link
