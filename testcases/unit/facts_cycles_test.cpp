// SPDX-License-Identifier: MIT
// LINK: gordian_facts
//
// The cycle search: against a naive oracle on random facts, then the shapes that matter one by one, then
// size.
#include "testcases/unit/facts_builder.h"

#include "facts/feasible.h"

#include <ctime>
#include <functional>
#include <gtest/gtest.h>
#include <numeric>
#include <random>

using namespace gordian;
using namespace gordian::test;

// ------------------------------------------------------------------------------------------------ the naive
// oracle
//
// Every ring of members over distinct locks, by brute force; feasible by the definition, written without the
// search's short cuts. Instances are left out: random facts have none.
namespace {

using Ring = std::vector<Member>;

class Naive {
public:
  explicit Naive(const Facts &f) : facts(f) {
    for (const Acquire &a : f.acquires)
      for (uint32_t h = 0; h < a.held.size(); ++h)
        if (a.blocking && a.held[h].lock != a.lock)
          all.push_back({&a, h});
  }

  std::map<std::pair<LockId, LockId>, Concurrency> bestOfEdge; // over all feasible rings through it
  std::map<size_t, unsigned> ringsOfLength;
  std::set<std::set<LockId>> pairsThatInvert;

  void run() {
    for (const Member &m : all)
      extend({m});
  }
  Concurrency judge(const Ring &ring) const {
    std::vector<const Acquire *> parties;
    for (const Member &m : ring)
      parties.push_back(m.acquire);
    std::vector<LockId> contested;
    for (size_t i = 0; i < ring.size(); ++i) {
      const Held &h = ring[(i + 1) % ring.size()].held();
      if (h.mode == Mode::Exclusive || ring[i].acquire->mode == Mode::Exclusive)
        continue;
      LockKind kind = facts.locks[h.lock].kind;
      if (kind != LockKind::SharedMutex && kind != LockKind::WriterRwLock)
        return Concurrency::No;
      contested.push_back(h.lock);
    }
    for (const Member &m : ring)
      for (const Member &n : ring)
        if (m.acquire != n.acquire && holdsAgainst(m, n))
          return Concurrency::No;
    return withWriters(ring, parties, contested);
  }

private:
  static bool sure(const Member &m, size_t h) { return m.acquire->held[h].must || h == m.source; }
  static bool holdsAgainst(const Member &m, const Member &n) {
    for (size_t h = 0; h < m.acquire->held.size(); ++h)
      for (size_t g = 0; g < n.acquire->held.size(); ++g) {
        const Held &x = m.acquire->held[h], &y = n.acquire->held[g];
        bool reading = x.mode == Mode::Shared && y.mode == Mode::Shared;
        if (x.lock == y.lock && !reading && sure(m, h) && sure(n, g))
          return true;
      }
    return false;
  }
  Concurrency withWriters(const Ring &ring, std::vector<const Acquire *> parties,
                          std::vector<LockId> contested) const {
    if (contested.empty())
      return facts.order->concurrent(parties);
    LockId lock = contested.back();
    contested.pop_back();
    Concurrency best = Concurrency::No;
    for (const Acquire &w : facts.acquires) {
      if (w.lock != lock || !w.blocking || w.mode != Mode::Exclusive)
        continue;
      bool possible = true;
      for (const Member &m : ring) {
        possible &= m.acquire != &w;
        for (const Held &x : m.acquire->held)
          for (const Held &y : w.held)
            possible &= !(x.lock == y.lock && x.must && y.must &&
                          (x.mode == Mode::Exclusive || y.mode == Mode::Exclusive));
      }
      if (!possible)
        continue;
      std::vector<const Acquire *> more = parties;
      more.push_back(&w);
      best = std::max(best, withWriters(ring, more, contested));
    }
    return best;
  }
  void extend(Ring ring) {
    LockId wanted = ring.back().to();
    if (wanted == ring.front().from()) {
      record(ring);
      return;
    }
    for (const Member &m : ring)
      if (m.from() == wanted)
        return;
    for (const Member &m : all)
      if (m.from() == wanted) {
        ring.push_back(m);
        extend(ring);
        ring.pop_back();
      }
  }
  void record(const Ring &ring) {
    Concurrency c = judge(ring);
    if (c == Concurrency::No)
      return;
    for (const Member &m : ring) {
      Concurrency &best = bestOfEdge.try_emplace({m.from(), m.to()}, c).first->second;
      best = std::max(best, c);
    }
    if (c == Concurrency::Unlikely)
      return;
    ++ringsOfLength[ring.size()];
    if (ring.size() == 2)
      pairsThatInvert.insert({ring[0].from(), ring[1].from()});
  }

  const Facts &facts;
  std::vector<Member> all;
};

Facts randomFacts(std::mt19937 &random, FactsBuilder &b) {
  auto below = [&](unsigned n) { return unsigned(random() % n); };
  const char *const names[] = {"a", "b", "c", "d", "e"};
  const LockKind kinds[] = {LockKind::Mutex, LockKind::SharedMutex, LockKind::RwLock, LockKind::WriterRwLock};
  unsigned locks = 2 + below(4), functions = 2 + below(4);
  for (unsigned l = 0; l < locks; ++l)
    b.lock(names[l], kinds[below(4)]);
  auto spec = [&](unsigned l, bool may) {
    bool readable = b.facts.locks[b.lock(names[l])].kind != LockKind::Mutex;
    return std::string(names[l]) + (readable && below(2) ? ":r" : "") + (may && below(4) == 0 ? "?" : "");
  };
  for (unsigned n = 3 + below(8); n > 0; --n) {
    std::vector<unsigned> order(locks);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random);
    std::vector<std::string> held;
    for (unsigned h = 0; h < std::min(below(3) + (below(8) > 0), locks - 1); ++h)
      held.push_back(spec(order[1 + h], true));
    b.take(std::string("f") + char('0' + below(functions)), held, spec(order[0], false), below(8) > 0);
  }
  for (unsigned f = 0; f < functions; ++f)
    for (unsigned g = f; g < functions; ++g)
      if (unsigned roll = below(6); roll < 2)
        b.apart(std::string("f") + char('0' + f), std::string("f") + char('0' + g),
                roll ? Concurrency::Unlikely : Concurrency::No);
  return b.facts;
}

} // namespace

TEST(Cycles, AgreeWithTheNaiveOracle) {
  unsigned rings = 0, longer = 0, none = 0;
  for (unsigned seed = 0; seed < 20000; ++seed) {
    std::mt19937 random(seed);
    FactsBuilder b;
    Facts facts = randomFacts(random, b);
    Naive naive(facts);
    naive.run();
    CycleSearch search = findCycles(facts);
    ASSERT_EQ(search.unexamined, 0u);

    std::map<std::pair<LockId, LockId>, Concurrency> bestOfEdge;
    std::set<std::set<LockId>> pairs;
    for (const LockCycle &c : search.cycles) {
      std::vector<Cycle> ways = c.alternatives;
      ways.push_back(c.best);
      for (const Cycle &way : ways) // sound: each is feasible, and as likely as it says
        ASSERT_EQ(naive.judge(way.members), way.concurrency) << "seed " << seed;
      for (const Member &m : c.best.members)
        bestOfEdge[{m.from(), m.to()}] = std::max(bestOfEdge[{m.from(), m.to()}], c.best.concurrency);
      if (c.locks.size() == 2 && c.best.concurrency >= Concurrency::Yes)
        pairs.insert({c.locks.begin(), c.locks.end()});
      longer += c.locks.size() > 2;
    }
    // Complete: an edge on some feasible ring is on a ring that was found, no less likely; all pairs are
    // found.
    ASSERT_EQ(bestOfEdge.size(), naive.bestOfEdge.size()) << "seed " << seed;
    for (const auto &[edge, best] : naive.bestOfEdge)
      ASSERT_EQ(bestOfEdge[edge] >= Concurrency::Yes, best >= Concurrency::Yes) << "seed " << seed;
    ASSERT_EQ(pairs, naive.pairsThatInvert) << "seed " << seed;
    rings += search.cycles.size();
    none += search.cycles.empty();
  }
  // The test means something only if the random facts are neither all safe nor all broken.
  EXPECT_GT(rings, 5000u);
  EXPECT_GT(longer, 500u);
  EXPECT_GT(none, 2500u);
}

// ----------------------------------------------------------------------------------------------------------
// shapes

static std::vector<LockCycle> cyclesOf(const FactsBuilder &b) {
  return findCycles(b.facts).cycles;
}
static size_t count(const FactsBuilder &b) {
  return cyclesOf(b).size();
}

TEST(Cycles, HandOverHandNeedsTwoThreadsOnTheChain) {
  FactsBuilder b;
  b.take("walk", {"a"}, "b");
  b.take("walk", {"b"}, "c"); // a is released by then
  b.take("back", {"c"}, "a");
  EXPECT_EQ(count(b), 1u);
  b.order->single.insert(b.context("walk"));
  EXPECT_EQ(count(b), 0u);
}

TEST(Cycles, OneThreadIsNoCycle) {
  FactsBuilder b;
  b.take("f", {"a"}, "b");
  b.take("f", {"b"}, "a");
  EXPECT_EQ(count(b), 1u);
  b.order->single.insert(b.context("f"));
  EXPECT_EQ(count(b), 0u);
}

TEST(Cycles, GateByMode) {
  struct {
    const char *one, *other;
    size_t cycles;
    double rank;
  } rows[] = {
      {"gate", "gate", 0, 0},     // written by both
      {"gate:r", "gate", 0, 0},   // one reads, one writes: they exclude each other
      {"gate:r", "gate:r", 1, 1}, // two readers are inside together
      {"gate?", "gate", 1, 0.5},  // held on some paths only: perhaps
      {"gate", "other", 1, 1},    // no common lock
  };
  for (const auto &row : rows) {
    FactsBuilder b;
    b.lock("gate", LockKind::SharedMutex);
    b.take("f", {row.one, "a"}, "b");
    b.take("g", {row.other, "b"}, "a");
    std::vector<LockCycle> found = cyclesOf(b);
    ASSERT_EQ(found.size(), row.cycles) << row.one << " " << row.other;
    if (row.cycles) {
      EXPECT_DOUBLE_EQ(found[0].best.rank(), row.rank) << row.one << " " << row.other;
    }
  }
}

TEST(Cycles, GateOfTwoOfThree) {
  FactsBuilder b;
  b.take("f", {"gate", "a"}, "b");
  b.take("g", {"gate", "b"}, "c");
  b.take("h", {"c"}, "a");
  EXPECT_EQ(count(b), 0u);
  FactsBuilder ungated;
  ungated.take("f", {"gate", "a"}, "b");
  ungated.take("g", {"b"}, "c");
  ungated.take("h", {"c"}, "a");
  std::vector<LockCycle> found = cyclesOf(ungated);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].locks.size(), 3u);
}

TEST(Cycles, GatedShortCycleLeavesTheLongOne) {
  FactsBuilder b;
  b.take("f", {"gate", "a"}, "b");
  b.take("g", {"gate", "b"}, "a");
  b.take("h", {"b"}, "c");
  b.take("i", {"c"}, "a");
  std::vector<LockCycle> found = cyclesOf(b);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].locks.size(), 3u);
}

TEST(Cycles, TryGetsNoEdgeButHolds) {
  FactsBuilder into;
  into.take("f", {"a"}, "b");
  into.take("g", {"b"}, "a", /*blocking=*/false);
  EXPECT_EQ(count(into), 0u);
  FactsBuilder from; // g took b by try and then blocks on a
  from.take("f", {"a"}, "b");
  from.take("g", {}, "b", /*blocking=*/false);
  from.take("g", {"b"}, "a");
  EXPECT_EQ(count(from), 1u);
}

TEST(Cycles, ReadersOnly) {
  struct {
    LockKind kind;
    bool writer;
    size_t cycles;
  } rows[] = {
      {LockKind::SharedMutex, false, 0}, {LockKind::SharedMutex, true, 1},   {LockKind::RwLock, true, 0},
      {LockKind::WriterRwLock, true, 1}, {LockKind::WriterRwLock, false, 0},
  };
  for (const auto &row : rows) {
    FactsBuilder b;
    b.lock("a", row.kind);
    b.lock("b", row.kind);
    b.take("f", {"a:r"}, "b:r");
    b.take("g", {"b:r"}, "a:r");
    if (row.writer) {
      b.take("writeA", {}, "a");
      b.take("writeB", {}, "b");
    }
    std::vector<LockCycle> found = cyclesOf(b);
    ASSERT_EQ(found.size(), row.cycles) << int(row.kind) << row.writer;
    if (!row.cycles)
      continue;
    EXPECT_EQ(found[0].best.acquires().size(), 4u);
    b.apart("writeA", "f"); // the writer ran before the threads started
    EXPECT_EQ(count(b), 0u);
  }
}

TEST(Cycles, ReaderAgainstWriter) {
  FactsBuilder b; // each reads the first and writes the second
  b.lock("a", LockKind::RwLock);
  b.lock("b", LockKind::RwLock);
  b.take("f", {"a:r"}, "b");
  b.take("g", {"b:r"}, "a");
  EXPECT_EQ(count(b), 1u);
}

TEST(Cycles, LikelierWayFirst) {
  FactsBuilder b;
  b.take("f", {"a"}, "b");
  b.take("g", {"b"}, "a");
  b.take("h", {"b"}, "a");
  b.apart("f", "g", Concurrency::Unlikely);
  b.apart("f", "h", Concurrency::Proved);
  std::vector<LockCycle> found = cyclesOf(b);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].best.concurrency, Concurrency::Proved);
  EXPECT_EQ(found[0].alternativesTotal, 0u); // the unlikely way is not shown beside it
}

TEST(Cycles, AlternativesAreOtherSites) {
  FactsBuilder b;
  for (int i = 0; i < 5; ++i)
    b.take("f" + std::to_string(i), {"a"}, "b");
  for (int i = 0; i < 8; ++i)
    b.take("g" + std::to_string(i), {"b"}, "a");
  std::vector<LockCycle> found = cyclesOf(b);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].alternatives.size(), 8u);
  EXPECT_EQ(found[0].alternativesTotal, 4u + 7u);
}

TEST(Cycles, AlternativeThatFitsNoPrimaryMember) {
  FactsBuilder b; // f2 and g2 are gated against f1/g1 crosswise
  b.take("f1", {"x", "a"}, "b");
  b.take("g1", {"y", "b"}, "a");
  b.take("f2", {"y", "a"}, "b");
  b.take("g2", {"x", "b"}, "a");
  std::vector<LockCycle> found = cyclesOf(b);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].alternativesTotal, 1u); // f2 with g2, reached from either side
}

// -------------------------------------------------------------------------------------------------------
// instances

static FactsBuilder transfer(Relation r) {
  FactsBuilder b;
  b.lockOf("Account::m").manyInstances = true;
  b.take("transfer", {"Account::m"}, "Account::m").held[0].relation = r;
  return b;
}

TEST(Cycles, TwoObjectsOfOneName) {
  EXPECT_EQ(count(transfer(Relation::Different)), 1u);
  EXPECT_EQ(count(transfer(Relation::Unknown)), 1u);
  EXPECT_EQ(count(transfer(Relation::Ordered)), 0u);
  EXPECT_EQ(count(transfer(Relation::ChildOf)), 0u);
  EXPECT_EQ(count(transfer(Relation::Same)), 0u); // a re-acquisition
  LockCycle c = cyclesOf(transfer(Relation::Different))[0];
  EXPECT_EQ(c.best.members.size(), 2u);
  EXPECT_EQ(c.best.members[0], c.best.members[1]);
}

TEST(Cycles, TwoEnforcedOrders) {
  FactsBuilder b = transfer(Relation::Ordered);
  b.take("again", {"Account::m"}, "Account::m").held[0].relation = Relation::Ordered;
  EXPECT_EQ(count(b), 0u);
  b.take("back", {"Account::m"}, "Account::m").held[0].relation = Relation::OrderedBack;
  EXPECT_EQ(count(b), 1u); // low first in one place, high first in another
  EXPECT_EQ(count(transfer(Relation::OrderedBack)), 0u);
}

TEST(Cycles, TwoObjectsOfOneNameInOneThread) {
  FactsBuilder b = transfer(Relation::Different);
  b.order->single.insert(b.context("transfer"));
  EXPECT_EQ(count(b), 0u);
}

TEST(Cycles, TwoObjectsUnderAGlobalGate) {
  FactsBuilder b;
  b.lockOf("Account::m").manyInstances = true;
  b.take("transfer", {"bank", "Account::m"}, "Account::m").held[1].relation = Relation::Different;
  EXPECT_EQ(count(b), 0u);
}

// One object's gate around two of its locks.
static FactsBuilder memberGate(uint32_t gateObject) {
  FactsBuilder b;
  for (const char *name : {"C::gate", "C::x", "C::y"})
    b.lockOf(name).manyInstances = true;
  auto nest = [&](const char *f, const char *first, const char *second) {
    Acquire &a = b.take(f, {"C::gate", first}, second);
    a.object = 1;
    a.held[0].object = gateObject;
    a.held[1].object = 1;
  };
  nest("f", "C::x", "C::y");
  nest("g", "C::y", "C::x");
  return b;
}

TEST(Cycles, GateOfTheSameObject) {
  EXPECT_EQ(count(memberGate(1)), 0u);
  std::vector<LockCycle> other = cyclesOf(memberGate(2)); // perhaps another object's gate
  ASSERT_EQ(other.size(), 1u);
  EXPECT_LT(other[0].best.rank(), 1);
}

TEST(Cycles, GateOfTheSourceObjectDoesNotGuardASwap) {
  FactsBuilder b; // each thread holds the gate of its own first object
  b.lockOf("C::gate").manyInstances = b.lockOf("C::m").manyInstances = true;
  Acquire &a = b.take("swap", {"C::gate", "C::m"}, "C::m");
  a.object = 2;
  a.held[0].object = a.held[1].object = 1;
  a.held[1].relation = Relation::Different;
  std::vector<LockCycle> found = cyclesOf(b);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_DOUBLE_EQ(found[0].best.rank(), 1);
}

static FactsBuilder twoNames(const char *owner1, Relation forth, const char *owner2, Relation back) {
  FactsBuilder b;
  b.lockOf("x").manyInstances = b.lockOf("y").manyInstances = true;
  b.lockOf("x").owner = owner1;
  b.lockOf("y").owner = owner2;
  b.take("f", {"x"}, "y").held[0].relation = forth;
  b.take("g", {"y"}, "x").held[0].relation = back;
  return b;
}

TEST(Cycles, DescentWithinAClassNeverReturns) {
  EXPECT_EQ(count(twoNames("Node", Relation::Same, "Node", Relation::Same)), 1u);
  EXPECT_EQ(count(twoNames("Node", Relation::Same, "Node", Relation::ChildOf)), 0u);
  EXPECT_EQ(count(twoNames("Node", Relation::ChildOf, "Node", Relation::ChildOf)), 0u);
  // Both locks in one object there, in two objects here: down, whatever the classes are called.
  EXPECT_EQ(count(twoNames("", Relation::Same, "", Relation::ChildOf)), 0u);
  EXPECT_EQ(count(twoNames("Node", Relation::Ordered, "Node", Relation::Same)), 0u);
  // Parent to child and child to parent are both "reached from", but of two classes.
  EXPECT_EQ(count(twoNames("Parent", Relation::ChildOf, "Child", Relation::ChildOf)), 1u);
  // Closes only over a second object: kept, but less sure.
  std::vector<LockCycle> found = cyclesOf(twoNames("Node", Relation::Same, "Node", Relation::Different));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_LT(found[0].best.rank(), 0.5);
}

// ------------------------------------------------------------------------------------------------------------
// size

/// Of the processor: a busy machine is no defect.
static double seconds(const std::function<void()> &f) {
  const std::clock_t start = std::clock();
  f();
  return double(std::clock() - start) / CLOCKS_PER_SEC;
}

static std::string name(const char *stem, unsigned n) {
  return stem + std::to_string(n);
}

TEST(Cycles, RingsOfAnyLength) {
  for (unsigned length : {3u, 4u, 50u, 300u}) {
    FactsBuilder b;
    for (unsigned i = 0; i < length; ++i)
      b.take(name("f", i), {name("l", i)}, name("l", (i + 1) % length));
    std::vector<LockCycle> found = cyclesOf(b);
    ASSERT_EQ(found.size(), 1u) << length;
    EXPECT_EQ(found[0].locks.size(), length);
  }
}

TEST(Cycles, LongChainIsNoRing) {
  FactsBuilder b;
  for (unsigned i = 0; i < 20000; ++i)
    b.take(name("f", i), {name("l", i)}, name("l", i + 1));
  EXPECT_LT(seconds([&] { EXPECT_EQ(count(b), 0u); }), 5);
}

TEST(Cycles, RingBeyondTheLimitIsCounted) {
  FactsBuilder b;
  for (unsigned i = 0; i < 5000; ++i)
    b.take(name("f", i), {name("l", i)}, name("l", (i + 1) % 5000));
  CycleSearch search;
  EXPECT_LT(seconds([&] { search = findCycles(b.facts); }), 10);
  EXPECT_EQ(search.cycles.size(), 0u);
  EXPECT_EQ(search.unexamined, 5000u);
}

TEST(Cycles, DenseGraphUnderOneGate) {
  FactsBuilder b; // every order of 60 locks, all under one gate: nothing to find, much to search
  for (unsigned i = 0; i < 60; ++i)
    for (unsigned j = 0; j < 60; ++j)
      if (i != j)
        b.take(name("f", i), {"gate", name("l", i)}, name("l", j));
  CycleSearch search;
  EXPECT_LT(seconds([&] { search = findCycles(b.facts); }), 10);
  EXPECT_EQ(search.cycles.size(), 0u);
  EXPECT_EQ(search.unexamined, 0u);
}

TEST(Cycles, DenseGraphOfOneThread) {
  FactsBuilder b;
  for (unsigned i = 0; i < 60; ++i)
    for (unsigned j = 0; j < 60; ++j)
      if (i != j)
        b.take("f", {name("l", i)}, name("l", j));
  b.order->single.insert(b.context("f"));
  CycleSearch search;
  EXPECT_LT(seconds([&] { search = findCycles(b.facts); }), 20);
  EXPECT_EQ(search.cycles.size(), 0u);
}

TEST(Cycles, RandomHugeGraphWithinBudget) {
  FactsBuilder b;
  std::mt19937 random(7);
  for (unsigned i = 0; i < 40000; ++i) {
    unsigned from = random() % 2000, to = random() % 2000;
    if (from != to)
      b.take(name("f", random() % 500), {name("l", from)}, name("l", to));
  }
  CycleSearch search;
  EXPECT_LT(seconds([&] { search = findCycles(b.facts); }), 30);
  EXPECT_GT(search.cycles.size(), 1000u);
}

TEST(Cycles, SameFactsInAnyOrder) {
  std::mt19937 random(11);
  FactsBuilder b;
  for (unsigned i = 0; i < 60; ++i) {
    unsigned from = random() % 8, to = random() % 8;
    if (from != to)
      b.take(name("f", random() % 9), {name("l", from)}, name("l", to));
  }
  auto shape = [](const std::vector<LockCycle> &cycles) {
    std::vector<std::vector<unsigned>> lines;
    for (const LockCycle &c : cycles) {
      lines.emplace_back();
      std::vector<Cycle> ways = c.alternatives;
      ways.insert(ways.begin(), c.best);
      for (const Cycle &way : ways)
        for (const Member &m : way.members)
          lines.back().push_back(m.acquire->witness.back().location.line);
    }
    return lines;
  };
  auto expected = shape(cyclesOf(b));
  EXPECT_GT(expected.size(), 5u);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(b.facts.acquires.begin(), b.facts.acquires.end(), random);
    ASSERT_EQ(shape(cyclesOf(b)), expected);
  }
}
