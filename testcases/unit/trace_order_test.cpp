// SPDX-License-Identifier: MIT
//
// The Order oracle of a run against exhaustive search: small random programs are run once, in a random
// schedule, and recorded as the runtime would; then every candidate deadlock is looked for in all
// interleavings of the same threads. Soundness both ways: No is never said of a reachable one, Proved never
// of an unreachable one.
// LINK: gordian_trace
#include "trace_builder.h"

#include "trace/order.h"

#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

using namespace gordian;
using namespace gordian::test;
using facts::Concurrency;

namespace {

struct Op {
  enum Kind { Acquire, Release, Create, Join, Post, Take } kind;
  int object; // lock, thread or semaphore
};
using Program = std::vector<std::vector<Op>>; // thread 0 is main

/// Random threads: properly released locks (in any order), main creates and joins all others at random
/// places. Each semaphore is posted once and taken once, so that which post satisfies which wait is no matter
/// of schedule.
Program randomProgram(std::mt19937 &random, int threads, int locks, int semaphores, int most) {
  auto upTo = [&](int n) { return int(random() % unsigned(n)); };
  Program program(static_cast<size_t>(threads));
  for (auto &ops : program) {
    std::vector<int> held;
    int sections = 1 + upTo(most);
    for (int i = 0; i < sections * 3 || !held.empty();) {
      bool take = i < sections * 3 && int(held.size()) < locks && (held.empty() || upTo(4));
      if (take) {
        int lock = upTo(locks);
        if (std::find(held.begin(), held.end(), lock) == held.end()) {
          ops.push_back({Op::Acquire, lock});
          held.push_back(lock);
        }
        ++i;
      } else if (!held.empty()) {
        size_t which = random() % held.size();
        ops.push_back({Op::Release, held[which]});
        held.erase(held.begin() + long(which));
      } else {
        ++i;
      }
    }
  }
  auto insert = [&](size_t thread, Op op, size_t from) {
    auto &ops = program[thread];
    size_t at = from + random() % (ops.size() - from + 1);
    ops.insert(ops.begin() + long(at), op);
    return at + 1;
  };
  for (int t = 1; t < threads; ++t) {
    size_t after = insert(0, {Op::Create, t}, 0);
    if (upTo(3))
      insert(0, {Op::Join, t}, after);
  }
  for (int s = 0; s < semaphores; ++s) {
    insert(size_t(upTo(threads)), {Op::Post, s}, 0);
    insert(size_t(upTo(threads)), {Op::Take, s}, 0);
  }
  return program;
}

struct State {
  std::vector<int> at; // next op of each thread
  auto operator<=>(const State &) const = default;
};

/// Who owns what follows from the positions alone.
struct World {
  const Program &program;
  bool started(const State &s, int t) const {
    if (t == 0)
      return true;
    for (size_t u = 0; u < program.size(); ++u)
      for (int i = 0; i < s.at[u]; ++i)
        if (program[u][size_t(i)].kind == Op::Create && program[u][size_t(i)].object == t)
          return true;
    return false;
  }
  bool done(const State &s, int t) const { return s.at[size_t(t)] == int(program[size_t(t)].size()); }
  bool isHeld(const State &s, int lock) const {
    for (size_t u = 0; u < program.size(); ++u)
      if (holds(s, u, lock))
        return true;
    return false;
  }
  bool holds(const State &s, size_t u, int lock) const {
    bool held = false;
    for (int i = 0; i < s.at[u]; ++i)
      if (program[u][size_t(i)].object == lock)
        held =
            program[u][size_t(i)].kind == Op::Acquire || (held && program[u][size_t(i)].kind != Op::Release);
    return held;
  }
  bool posted(const State &s, int semaphore) const {
    for (size_t u = 0; u < program.size(); ++u)
      for (int i = 0; i < s.at[u]; ++i)
        if (program[u][size_t(i)].kind == Op::Post && program[u][size_t(i)].object == semaphore)
          return true;
    return false;
  }
  bool enabled(const State &s, int t) const {
    if (!started(s, t) || done(s, t))
      return false;
    const Op &op = program[size_t(t)][size_t(s.at[size_t(t)])];
    switch (op.kind) {
    case Op::Acquire:
      return !isHeld(s, op.object);
    case Op::Join:
      return done(s, op.object);
    case Op::Take:
      return posted(s, op.object);
    default:
      return true;
    }
  }
};

std::set<State> reachable(const Program &program) {
  World world{program};
  State start{std::vector<int>(program.size(), 0)};
  std::set<State> seen = {start};
  std::vector<State> work = {start};
  while (!work.empty()) {
    State s = work.back();
    work.pop_back();
    for (int t = 0; t < int(program.size()); ++t)
      if (world.enabled(s, t)) {
        State next = s;
        ++next.at[size_t(t)];
        if (seen.insert(next).second)
          work.push_back(next);
      }
  }
  return seen;
}

/// Runs the program once and records it. False where this schedule got stuck.
class Recorder {
public:
  Recorder(const Program &p, std::mt19937 &r) : program(p), random(r), threads(p.size()) {}
  bool run();
  std::map<Ref, std::pair<int, int>> requestOf; // node -> thread, op index of one occurrence
  std::multimap<Ref, std::pair<int, int>> requests;
  TraceBuilder trace;
  std::vector<Ref> nodes;

private:
  struct Thread {
    Epoch epoch = 1;
    std::vector<Ref> chain; // nodes of held locks, outermost first
    std::vector<uint32_t> sequences;
    std::vector<int> locks;
  };
  void step(int t, const Op &op, int index);
  void source(int t, OperationKind kind);
  Ref nodeFor(int t, Ref parent, int lock, bool synthetic);

  const Program &program;
  std::mt19937 &random;
  std::vector<Thread> threads;
  std::map<int, Ref> locks;
  std::map<int, uint32_t> sequence;
  std::map<std::tuple<int, Ref, int, bool>, Ref> known;
  std::map<int, std::pair<ThreadIndex, Epoch>> posts;
};

Ref Recorder::nodeFor(int t, Ref parent, int lock, bool synthetic) {
  auto [it, fresh] = known.try_emplace({t, parent, lock, synthetic}, kNoRef);
  if (fresh)
    it->second = trace.node(ThreadIndex(t + 1), locks[lock], parent, kNoRef, threads[size_t(t)].epoch,
                            synthetic ? kNodeSynthetic : 0);
  return it->second;
}

void Recorder::source(int t, OperationKind kind) {
  Thread &thread = threads[size_t(t)];
  OperationRecord r{};
  r.thread = ThreadIndex(t + 1);
  r.held = thread.chain.empty() ? kNoRef : thread.chain.back();
  r.firstEpoch = thread.epoch;
  r.kind = kind;
  trace.operation(r);
  ++thread.epoch;
}

void Recorder::step(int t, const Op &op, int index) {
  Thread &thread = threads[size_t(t)];
  switch (op.kind) {
  case Op::Acquire: {
    Ref parent = thread.chain.empty() ? kNoRef : thread.chain.back();
    bool fresh = !known.count({t, parent, op.object, false});
    Ref node = nodeFor(t, parent, op.object, false);
    requests.insert({node, {t, index}});
    if (fresh)
      nodes.push_back(node);
    uint32_t number = ++sequence[op.object];
    auto *record = trace.at<NodeRecord>(node);
    bool newEpoch = fresh || record->lastEpoch != thread.epoch;
    record->epochs += !fresh && newEpoch;
    record->lastEpoch = thread.epoch;
    if (newEpoch && parent != kNoRef && record->epochs <= kInstances) {
      std::vector<uint32_t> numbers = {number};
      numbers.insert(numbers.end(), thread.sequences.rbegin(), thread.sequences.rend());
      trace.instance(node, thread.epoch, numbers);
    }
    thread.chain.push_back(node);
    thread.sequences.push_back(number);
    thread.locks.push_back(op.object);
    break;
  }
  case Op::Release: {
    size_t i = size_t(std::find(thread.locks.begin(), thread.locks.end(), op.object) - thread.locks.begin());
    thread.locks.erase(thread.locks.begin() + long(i));
    thread.sequences.erase(thread.sequences.begin() + long(i));
    thread.chain.resize(i);
    for (; i < thread.locks.size(); ++i)
      thread.chain.push_back(
          nodeFor(t, thread.chain.empty() ? kNoRef : thread.chain.back(), thread.locks[i], true));
    break;
  }
  case Op::Create:
    trace.thread(ThreadIndex(op.object + 1), ThreadIndex(t + 1), thread.epoch);
    source(t, OperationKind::Create);
    break;
  case Op::Join:
    ++thread.epoch;
    trace.order(OrderKind::Join, ThreadIndex(t + 1), thread.epoch, ThreadIndex(op.object + 1),
                threads[size_t(op.object)].epoch);
    break;
  case Op::Post:
    posts[op.object] = {ThreadIndex(t + 1), thread.epoch};
    source(t, OperationKind::SemaphorePost);
    break;
  case Op::Take:
    ++thread.epoch;
    trace.order(OrderKind::Semaphore, ThreadIndex(t + 1), thread.epoch, posts[op.object].first,
                posts[op.object].second);
    break;
  }
}

bool Recorder::run() {
  trace.thread(1, 0, 0);
  for (const auto &ops : program)
    for (const Op &op : ops)
      if ((op.kind == Op::Acquire) && !locks.count(op.object))
        locks[op.object] = trace.lock("l" + std::to_string(op.object));
  World world{program};
  State s{std::vector<int>(program.size(), 0)};
  for (;;) {
    std::vector<int> enabled;
    bool all = true;
    for (int t = 0; t < int(program.size()); ++t) {
      all &= world.done(s, t);
      if (world.enabled(s, t))
        enabled.push_back(t);
    }
    if (enabled.empty())
      return all;
    int t = enabled[random() % enabled.size()];
    int index = s.at[size_t(t)];
    step(t, program[size_t(t)][size_t(index)], index);
    ++s.at[size_t(t)];
  }
}

/// Can all these nodes be pending at once, in any of their occurrences?
bool feasible(const Program &program, const std::set<State> &states, const Recorder &recorder,
              const std::vector<Ref> &nodes) {
  World world{program};
  for (const State &s : states) {
    bool all = true;
    for (Ref n : nodes) {
      bool here = false;
      auto [from, to] = recorder.requests.equal_range(n);
      for (auto it = from; it != to; ++it)
        here |= s.at[size_t(it->second.first)] == it->second.second && world.started(s, it->second.first);
      all &= here;
    }
    if (all)
      return true;
  }
  return false;
}

struct Tally {
  int candidates = 0, feasibleOnes = 0, no = 0, proved = 0;
};

void check(const Program &program, std::mt19937 &random, Tally &tally) {
  Recorder recorder(program, random);
  if (!recorder.run())
    return;
  std::vector<TraceFile> files;
  files.push_back(recorder.trace.file());
  Recording recording(std::move(files));
  Feasibility feasibility(recording);
  std::set<State> states = reachable(program);
  std::map<uint32_t, Ref> refs;
  for (uint32_t n = 0; n < recording.nodes.size(); ++n)
    refs[n] = recording.nodes[n].record.ref;

  auto isEdge = [&](uint32_t a, uint32_t b) { // a asks for what b holds
    for (uint32_t h : recording.heldBelow(b))
      if (recording.nodes[h].lock == recording.nodes[a].lock)
        return true;
    return false;
  };
  auto judge = [&](const std::vector<uint32_t> &cycle) {
    std::vector<Ref> asRefs;
    std::set<uint32_t> held;
    for (uint32_t n : cycle) {
      asRefs.push_back(refs[n]);
      for (uint32_t h : recording.heldBelow(n))
        if (!held.insert(recording.nodes[h].lock).second)
          return; // a gate: the checks' business
    }
    bool can = feasible(program, states, recorder, asRefs);
    Concurrency answer = feasibility.judge(cycle);
    ++tally.candidates;
    tally.feasibleOnes += can;
    tally.no += answer == Concurrency::No;
    tally.proved += answer == Concurrency::Proved;
    EXPECT_FALSE(can && answer == Concurrency::No) << "a reachable deadlock was refuted";
    EXPECT_FALSE(!can && answer == Concurrency::Proved) << "an unreachable deadlock was called proved";
  };
  std::vector<uint32_t> real;
  for (uint32_t n = 0; n < recording.nodes.size(); ++n)
    if (!(recording.nodes[n].flags & kNodeSynthetic) && recording.nodes[n].parent != trace::kNone)
      real.push_back(n);
  for (uint32_t a : real)
    for (uint32_t b : real) {
      if (recording.nodes[a].thread == recording.nodes[b].thread || !isEdge(a, b))
        continue;
      if (a < b && isEdge(b, a))
        judge({a, b});
      for (uint32_t c : real)
        if (a < b && a < c && recording.nodes[c].thread != recording.nodes[a].thread &&
            recording.nodes[c].thread != recording.nodes[b].thread && isEdge(b, c) && isEdge(c, a))
          judge({a, b, c});
    }
}

} // namespace

TEST(TraceOrder, AgreesWithAllInterleavings) {
  std::mt19937 random(20240501);
  Tally tally;
  for (int round = 0; round < 1500 && !testing::Test::HasFailure(); ++round)
    check(
        randomProgram(random, 3 + int(random() % 2), 2 + int(random() % 2), int(random() % 2), 1 + round % 3),
        random, tally);
  RecordProperty("candidates", tally.candidates);
  // The test must not pass by saying nothing: enough of each kind, and most of what is reachable is kept.
  EXPECT_GT(tally.candidates, 200);
  EXPECT_GT(tally.no, 50);
  EXPECT_GT(tally.proved, 20);
  std::printf("%d candidates, %d reachable; refuted %d, proved %d\n", tally.candidates, tally.feasibleOnes,
              tally.no, tally.proved);
}

namespace {
std::vector<uint32_t> judged(TraceBuilder &trace, const std::vector<Ref> &nodes, Concurrency &answer) {
  std::vector<TraceFile> files;
  files.push_back(trace.file());
  Recording recording(std::move(files));
  std::vector<uint32_t> numbers;
  for (Ref n : nodes)
    numbers.push_back(recording.nodeOf(0, n));
  answer = Feasibility(recording).judge(numbers);
  return numbers;
}

struct Abba {
  TraceBuilder trace;
  Ref a = trace.lock("a"), b = trace.lock("b");
  Ref first, second;
  Abba(Epoch e1 = 1, Epoch e2 = 1, ThreadIndex t2 = 3) {
    trace.thread(1, 0, 0);
    trace.thread(2, 1, 1);
    trace.thread(3, 1, 2);
    first = trace.node(2, b, trace.node(2, a, kNoRef, kNoRef, e1), kNoRef, e1);
    second = trace.node(t2, a, trace.node(t2, b, kNoRef, kNoRef, e2), kNoRef, e2);
    trace.instance(first, e1, {1, 1});
    trace.instance(second, e2, {2, 2});
  }
  Concurrency judge() {
    Concurrency answer;
    judged(trace, {first, second}, answer);
    return answer;
  }
};
} // namespace

TEST(TraceOrder, AbbaIsProved) {
  EXPECT_EQ(Abba().judge(), Concurrency::Proved);
}

TEST(TraceOrder, OneThreadIsNone) {
  EXPECT_EQ(Abba(1, 1, 2).judge(), Concurrency::No);
}

TEST(TraceOrder, JoinBeforeCreateOrders) {
  Abba abba;
  abba.trace.order(OrderKind::Join, 1, 2, 2, 1); // main joined thread 2 before it created thread 3 in epoch 2
  EXPECT_EQ(abba.judge(), Concurrency::No);
}

TEST(TraceOrder, JoinAfterCreateDoesNot) {
  Abba abba;
  abba.trace.order(OrderKind::Join, 1, 3, 2, 1);
  EXPECT_EQ(abba.judge(), Concurrency::Proved);
}

TEST(TraceOrder, MonitorEdgeOrdersOthersButNotItsOwnCycle) {
  Abba own(1, 2);
  own.trace.order(OrderKind::Monitor, 3, 2, 2, 1, own.a);
  EXPECT_EQ(own.judge(), Concurrency::Yes);
  Abba other(1, 2);
  Ref monitor = other.trace.lock("monitor", ObjectKind::Mutex, kLockMonitor);
  other.trace.order(OrderKind::Monitor, 3, 2, 2, 1, monitor);
  EXPECT_EQ(other.judge(), Concurrency::No);
}

TEST(TraceOrder, FutexHandOffMakesItAHint) {
  Abba abba(1, 2);
  std::vector<TraceFile> files;
  files.push_back(abba.trace.file());
  Recording recording(std::move(files));
  Feasibility feasibility(recording);
  feasibility.setHiddenHandOff(recording.threadOf(0, 3), 1);
  EXPECT_EQ(feasibility.judge({recording.nodeOf(0, abba.first), recording.nodeOf(0, abba.second)}),
            Concurrency::Unlikely);
}

TEST(TraceOrder, UnrecordedInstancesAreNotRefuted) {
  // Thread 2 did it in more epochs than were recorded; the recorded one lies before, the last does not.
  Abba abba(1, 2);
  abba.trace.order(OrderKind::Semaphore, 3, 2, 2, 1);
  auto *record = abba.trace.at<NodeRecord>(abba.first);
  record->epochs = 9;
  record->lastEpoch = 40;
  EXPECT_EQ(abba.judge(), Concurrency::Yes);
}

TEST(TraceOrder, UnrecordedInstancesBetweenOrderedOnesAreUnlikely) {
  // The last is ordered, too: what lies between is most likely ordered by the same hand-offs.
  Abba abba(1, 2);
  abba.trace.order(OrderKind::Semaphore, 3, 2, 2, 1);
  abba.trace.order(OrderKind::Semaphore, 2, 40, 3, 9);
  auto *record = abba.trace.at<NodeRecord>(abba.first);
  record->epochs = 9;
  record->lastEpoch = 40;
  EXPECT_EQ(abba.judge(), Concurrency::Unlikely);
}
