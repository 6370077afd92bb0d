// SPDX-License-Identifier: MIT
// LINK: gordian_predict
//
// The race predictor against an oracle: random small runs, and for each pair it predicts an exhaustive search
// for the other run that it claims exists. No claim may be wrong. How many of the oracle's races it finds is
// counted, so that the search cannot get blunt unseen; and the textbook cases are asked one by one.
#include "predict/cells.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

using namespace gordian::predict;

namespace {

enum Kind { Acquire, AcquireShared, Release, Read, Write, Send, Receive, Opaque };
struct Event {
  int thread;
  Kind kind;
  int object;
};
using Trace = std::vector<Event>;
using Pair = std::pair<int, int>; // of indices into the run

// ---------------------------------------------------------------------------------------------------------------
// The predictor on a run

std::set<Pair> *found;

void judge(Engine &engine, Thread &thread, const Suspicion &s) {
  if (!engine.exclusive(s.first.point, thread) && engine.feasible(s.first.point, thread))
    found->insert({int(s.first.context) - 1, int(s.second.context) - 1});
}

class Player {
public:
  Player(int threads, const Limits &limits) {
    testOnlyGiveAllBack(); // what the last one had
    engine->init(limits);
    cells->init(*engine, 64, judge);
    main_ = engine->start(nullptr);
    for (int i = 0; i < threads; i++)
      threads_.push_back(engine->start(main_));
  }

  void play(const Event &event, int index) {
    Thread &thread = *threads_[size_t(event.thread)];
    const auto id = LockId(event.object + 1);
    switch (event.kind) {
    case Acquire:
    case AcquireShared:
      return engine->acquire(thread, id, event.kind == AcquireShared);
    case Release:
      return engine->release(thread, id);
    case Read:
    case Write:
      return cells->access(thread, 0x10000 + 4 * uintptr_t(event.object), 4, event.kind == Write,
                           uint32_t(index + 1));
    case Send:
      return engine->send(thread, sync_);
    case Receive:
      return engine->receive(thread, sync_);
    case Opaque:
      return engine->opaque(thread);
    }
  }

  std::unique_ptr<Engine> engine = std::make_unique<Engine>();
  std::unique_ptr<Cells> cells = std::make_unique<Cells>();

private:
  Thread *main_;
  std::vector<Thread *> threads_;
  SyncClock sync_;
};

std::set<Pair> predict(const Trace &run, int threads, const Limits &limits = {}) {
  std::set<Pair> pairs;
  found = &pairs;
  Player player(threads, limits);
  for (size_t i = 0; i < run.size(); i++)
    player.play(run[i], int(i));
  EXPECT_TRUE(player.engine->on());
  return pairs;
}

// ---------------------------------------------------------------------------------------------------------------
// The oracle: is there a correct reordering that ends with both events next?

class Oracle {
public:
  Oracle(const Trace &run, int threads)
      : run_(run), of_(size_t(threads)), writer_(run.size(), -1), sends_(run.size(), 0) {
    std::map<int, int> last;
    int sends = 0;
    for (int i = 0; i < int(run.size()); i++) {
      of_[size_t(run[size_t(i)].thread)].push_back(i);
      if (run[size_t(i)].kind == Read)
        writer_[size_t(i)] = last.count(run[size_t(i)].object) ? last[run[size_t(i)].object] : -1;
      if (run[size_t(i)].kind == Write)
        last[run[size_t(i)].object] = i;
      sends_[size_t(i)] = sends;
      sends += run[size_t(i)].kind == Send;
    }
  }

  bool race(Pair pair) {
    pair_ = pair;
    seen_.clear();
    return search({std::vector<int>(of_.size(), 0), {}, {}, {}});
  }

private:
  struct State {
    std::vector<int> next;                      // by thread
    std::map<int, int> writer;                  // by variable
    std::map<int, std::pair<int, int>> holders; // by lock: readers, writers
    std::set<int> sent;
    auto key() const { return std::tie(next, writer); }
    bool operator<(const State &other) const { return key() < other.key(); }
  };

  int nextOf(const State &s, size_t thread) const {
    return size_t(s.next[thread]) < of_[thread].size() ? of_[thread][size_t(s.next[thread])] : -1;
  }

  bool search(const State &s) {
    if (nextOf(s, size_t(run_[size_t(pair_.first)].thread)) == pair_.first &&
        nextOf(s, size_t(run_[size_t(pair_.second)].thread)) == pair_.second)
      return true;
    if (!seen_.insert(s).second)
      return false;
    for (size_t t = 0; t < of_.size(); t++) {
      const int i = nextOf(s, t);
      State after = s;
      if (i >= 0 && i != pair_.first && i != pair_.second && step(after, i)) {
        after.next[t]++;
        if (search(after))
          return true;
      }
    }
    return false;
  }

  /// Can it happen here, as it did?
  bool step(State &s, int i) {
    const Event &event = run_[size_t(i)];
    auto &[readers, writers] = s.holders[event.object];
    switch (event.kind) {
    case Acquire:
      return writers + readers == 0 && ++writers;
    case AcquireShared:
      return writers == 0 && ++readers;
    case Release:
      return writers ? writers-- : readers--;
    case Read:
      return (s.writer.count(event.object) ? s.writer[event.object] : -1) == writer_[size_t(i)];
    case Write:
      s.writer[event.object] = i;
      return true;
    case Send:
      s.sent.insert(i);
      return true;
    case Receive: { // of all that was sent before it
      int before = 0;
      for (int send : s.sent)
        before += send < i;
      return before == sends_[size_t(i)];
    }
    case Opaque:
      return true;
    }
    return false;
  }

  const Trace &run_;
  std::vector<std::vector<int>> of_;
  std::vector<int> writer_, sends_;
  Pair pair_;
  std::set<State> seen_;
};

// ---------------------------------------------------------------------------------------------------------------
// Random runs

struct Shape {
  int threads, events, locks, variables;
  bool shared, sync;
  bool careful = false; // most accesses are made under some lock
};

Trace randomRun(std::mt19937 &rng, const Shape &shape) {
  const auto below = [&](int n) { return int(rng() % unsigned(n)); };
  Trace run;
  std::vector<std::vector<std::pair<int, bool>>> held(size_t(shape.threads)); // lock, shared
  while (int(run.size()) < shape.events) {
    const int t = below(shape.threads);
    auto &mine = held[size_t(t)];
    const int what = below(10);
    if (what < 3 && mine.size() < 2) {
      const int lock = below(shape.locks);
      const bool shared = shape.shared && below(2);
      bool free = true;
      for (int u = 0; u < shape.threads; u++)
        for (auto [other, otherShared] : held[size_t(u)])
          free &= other != lock || (u != t && shared && otherShared);
      if (!free)
        continue;
      mine.push_back({lock, shared});
      run.push_back({t, shared ? AcquireShared : Acquire, lock});
    } else if (what < 5 && !mine.empty()) {
      const size_t which = size_t(below(int(mine.size())));
      run.push_back({t, Release, mine[which].first});
      mine.erase(mine.begin() + long(which));
    } else if (what == 5 && shape.sync) {
      run.push_back({t, below(2) ? Send : Receive, 100});
    } else if (what > 5 && (!shape.careful || !mine.empty() || below(8) == 0)) {
      run.push_back({t, below(2) ? Read : Write, below(shape.variables)});
    }
  }
  return run;
}

std::string text(const Trace &run) {
  static const char *const names[] = {"acq", "acqS", "rel", "r", "w", "send", "recv", "opaque"};
  std::string out;
  for (size_t i = 0; i < run.size(); i++)
    out += std::to_string(i) + ": " + std::string(size_t(12 * run[i].thread), ' ') + names[run[i].kind] +
           "(" + std::to_string(run[i].object) + ")\n";
  return out;
}

bool conflict(const Event &a, const Event &b) {
  const auto accesses = [](const Event &e) { return e.kind == Read || e.kind == Write; };
  return a.thread != b.thread && a.object == b.object && accesses(a) && accesses(b) &&
         (a.kind == Write || b.kind == Write);
}

bool hasRace(Oracle &oracle, const Trace &run) {
  for (int j = 0; j < int(run.size()); j++)
    for (int i = 0; i < j; i++)
      if (conflict(run[size_t(i)], run[size_t(j)]) && oracle.race({i, j}))
        return true;
  return false;
}

/// Every claim must be right; of the runs that have a race, this share (in percent) must be told.
void compare(const Shape &shape, int rounds, unsigned seed, int share) {
  std::mt19937 rng(seed);
  int racy = 0, told = 0;
  for (int round = 0; round < rounds; round++) {
    const Trace run = randomRun(rng, shape);
    Oracle oracle(run, shape.threads);
    const std::set<Pair> pairs = predict(run, shape.threads);
    for (const Pair &pair : pairs)
      ASSERT_TRUE(oracle.race(pair)) << "no run has " << pair.first << " beside " << pair.second << "\n"
                                     << text(run);
    told += !pairs.empty();
    racy += !pairs.empty() || hasRace(oracle, run);
  }
  EXPECT_GE(told * 100, racy * share) << told << " of " << racy;
}

} // namespace

TEST(PredictOracle, TwoThreads) {
  compare({2, 12, 2, 2, false, false}, 3000, 1, 97);
}

TEST(PredictOracle, ThreeThreads) {
  compare({3, 15, 2, 3, false, false}, 2500, 2, 97);
}

TEST(PredictOracle, FourThreadsThreeLocks) {
  compare({4, 17, 3, 4, false, false}, 1200, 3, 97);
}

TEST(PredictOracle, ReadersAndWriters) {
  compare({3, 14, 2, 2, true, false}, 2500, 4, 97);
}

TEST(PredictOracle, HandOffs) {
  compare({3, 14, 2, 3, true, true}, 2500, 5, 97);
}

TEST(PredictOracle, CarefulPrograms) {
  compare({3, 22, 2, 2, false, false, true}, 1500, 7, 97);
  compare({3, 22, 3, 2, true, true, true}, 1500, 8, 97);
}

TEST(PredictOracle, OneVariableManyAccesses) { // entries are displaced
  compare({4, 18, 2, 1, false, false}, 1500, 6, 97);
}

// ---------------------------------------------------------------------------------------------------------------
// The textbook

TEST(Predict, AnAccidentalHandOver) { // the order runs over a lock that guards something else
  EXPECT_EQ(predict({{0, Write, 0},
                     {0, Acquire, 0},
                     {0, Write, 1},
                     {0, Release, 0},
                     {1, Acquire, 0},
                     {1, Write, 2},
                     {1, Release, 0},
                     {1, Write, 0}},
                    2),
            (std::set<Pair>{{0, 7}}));
}

TEST(Predict, OverTwoLocksAndAThirdThread) {
  EXPECT_EQ(predict({{0, Write, 0},
                     {0, Acquire, 0},
                     {0, Write, 1},
                     {0, Release, 0},
                     {1, Acquire, 0},
                     {1, Write, 2},
                     {1, Release, 0},
                     {1, Acquire, 1},
                     {1, Write, 3},
                     {1, Release, 1},
                     {2, Acquire, 1},
                     {2, Write, 4},
                     {2, Release, 1},
                     {2, Read, 0}},
                    3),
            (std::set<Pair>{{0, 13}}));
}

TEST(Predict, TheLaterCriticalSectionFirst) { // synchronisation reversed
  EXPECT_EQ(predict({{0, Acquire, 0},
                     {0, Write, 0},
                     {0, Release, 0},
                     {1, Acquire, 0},
                     {1, Write, 1},
                     {1, Release, 0},
                     {1, Write, 0}},
                    2),
            (std::set<Pair>{{1, 6}}));
}

TEST(Predict, AFlagUnderTheLockOrders) {
  EXPECT_EQ(predict({{0, Write, 0},
                     {0, Acquire, 0},
                     {0, Write, 1},
                     {0, Release, 0},
                     {1, Acquire, 0},
                     {1, Read, 1},
                     {1, Release, 0},
                     {1, Write, 0}},
                    2),
            std::set<Pair>());
}

TEST(Predict, UninstrumentedCodeUnderTheLockOrders) {
  for (int which : {0, 1}) {
    Trace run{{0, Write, 0},   {0, Acquire, 0}, {0, which ? Opaque : Write, 1},
              {0, Release, 0}, {1, Acquire, 0}, {1, which ? Read : Opaque, 2},
              {1, Release, 0}, {1, Write, 0}};
    EXPECT_EQ(predict(run, 2), std::set<Pair>()) << which;
  }
}

TEST(Predict, AHandOffOrders) {
  EXPECT_EQ(predict({{0, Write, 0}, {0, Send, 100}, {1, Receive, 100}, {1, Write, 0}}, 2), std::set<Pair>());
  EXPECT_EQ(predict({{0, Send, 100}, {0, Write, 0}, {1, Receive, 100}, {1, Write, 0}}, 2),
            (std::set<Pair>{{1, 3}}));
}

TEST(Predict, ACommonLockExcludes) {
  EXPECT_EQ(
      predict(
          {{0, Acquire, 0}, {0, Write, 0}, {0, Release, 0}, {1, Acquire, 0}, {1, Write, 0}, {1, Release, 0}},
          2),
      std::set<Pair>());
  EXPECT_EQ(predict({{0, AcquireShared, 0},
                     {0, Write, 0},
                     {0, Release, 0},
                     {1, AcquireShared, 0},
                     {1, Write, 0},
                     {1, Release, 0}},
                    2),
            (std::set<Pair>{{1, 4}}));
}

TEST(Predict, NeighboursInMemoryAreNotTheSame) {
  EXPECT_EQ(predict({{0, Write, 0}, {1, Write, 1}, {0, Write, 1}}, 2), (std::set<Pair>{{1, 2}}));
}

TEST(Predict, WhatTheRingsHaveLostIsOrdered) {
  Limits small;
  small.segmentBits = 4;
  small.clockBits = 7;
  std::mt19937 rng(9);
  for (int round = 0; round < 300; round++) {
    // A long run that ends in a small one: whatever is said, no claim may be wrong.
    Trace run = randomRun(rng, {2, 40, 2, 2, false, false});
    Oracle oracle(run, 2);
    for (const Pair &pair : predict(run, 2, small))
      EXPECT_TRUE(oracle.race(pair)) << text(run);
  }
}
