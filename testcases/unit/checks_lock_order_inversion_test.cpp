// SPDX-License-Identifier: MIT
// LINK: gordian_checks
//
// lock-order-inversion from facts: what the finding says. Which cycles count is facts_cycles_test's.
#include "testcases/unit/facts_builder.h"

#include <gtest/gtest.h>
#include <random>

using namespace gordian;
using namespace gordian::test;

static const char *const kRule = "lock-order-inversion";

static std::set<unsigned> linesOf(const Finding &f) {
  std::set<unsigned> lines;
  auto add = [&](const std::vector<Participant> &participants) {
    for (const Participant &p : participants)
      for (const Step &s : p.steps)
        lines.insert(s.location.line);
  };
  add(f.participants);
  for (const auto &a : f.alternatives)
    add(a);
  return lines;
}

TEST(LockOrderInversion, OppositeOrders) {
  FactsBuilder b;
  b.take("Cache::store", {"Cache::mutex_"}, "Index::mutex_");
  b.take("Index::audit", {"Index::mutex_"}, "Cache::mutex_");
  std::vector<Finding> found = b.findings(kRule);
  ASSERT_EQ(found.size(), 1u);
  const Finding &f = found[0];
  EXPECT_EQ(f.message,
            "`Cache::mutex_` and `Index::mutex_` are acquired in opposite orders by `Cache::store` and "
            "`Index::audit`: two threads can block each other for good");
  EXPECT_EQ(f.level, Level::Error);
  EXPECT_EQ(f.evidence, Evidence::Static);
  ASSERT_EQ(f.participants.size(), 2u);
  for (const Participant &p : f.participants) {
    ASSERT_EQ(p.steps.size(), 2u);
    EXPECT_EQ(p.steps[0].kind, StepKind::Acquire);
    EXPECT_EQ(p.steps[1].kind, StepKind::Request);
    EXPECT_NE(p.steps[0].subject, p.steps[1].subject);
  }
  EXPECT_EQ(f.location.line, 4u); // the acquisition that closes the cycle
  EXPECT_EQ(linesOf(f), (std::set<unsigned>{1, 2, 3, 4}));
  EXPECT_EQ(f.reason, "both are started in main");
  EXPECT_EQ(f.edgeKeys.size(), 2u);
  EXPECT_FALSE(f.fingerprint.empty());
}

TEST(LockOrderInversion, OneOrder) {
  FactsBuilder b;
  b.take("f", {"a"}, "b");
  b.take("g", {"a"}, "b");
  EXPECT_TRUE(b.findings(kRule).empty());
}

TEST(LockOrderInversion, RingOfThreeNamesEveryLine) {
  FactsBuilder b;
  b.take("f", {"a"}, "b");
  b.take("g", {"b"}, "c");
  b.take("h", {"c"}, "a");
  std::vector<Finding> found = b.findings(kRule);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message,
            "`a`, `b` and `c` are acquired in an order that forms a ring by `f`, `g` and `h`: three "
            "threads can block one another for good");
  EXPECT_EQ(linesOf(found[0]), (std::set<unsigned>{1, 2, 3, 4, 5, 6}));
}

TEST(LockOrderInversion, RingOfFiftyStaysOneSentence) {
  FactsBuilder b;
  for (int i = 0; i < 50; ++i)
    b.take("f" + std::to_string(i), {"l" + std::to_string(i)}, "l" + std::to_string((i + 1) % 50));
  std::vector<Finding> found = b.findings(kRule);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].participants.size(), 50u);
  EXPECT_EQ(linesOf(found[0]).size(), 100u);
  EXPECT_LT(found[0].message.size(), 250u);
  EXPECT_NE(found[0].message.find(" and 46 more"), std::string::npos) << found[0].message;
}

TEST(LockOrderInversion, TwoInstancesOfOneName) {
  FactsBuilder b;
  b.lockOf("Account::mutex_").manyInstances = true;
  b.take("transfer", {"Account::mutex_"}, "Account::mutex_").held[0].relation = Relation::Different;
  std::vector<Finding> found = b.findings(kRule);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message,
            "two instances of `Account::mutex_` are acquired in opposite orders within `transfer`: "
            "two threads can block each other for good");
  EXPECT_EQ(found[0].participants.size(), 2u);
}

TEST(LockOrderInversion, QueuedWriterTakesPart) {
  FactsBuilder b;
  b.lock("a", LockKind::WriterRwLock);
  b.lock("b", LockKind::WriterRwLock);
  b.take("f", {"a:r"}, "b:r");
  b.take("g", {"b:r"}, "a:r");
  b.take("setA", {}, "a");
  b.take("setB", {}, "b");
  std::vector<Finding> found = b.findings(kRule);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].participants.size(), 4u);
  EXPECT_NE(found[0].message.find("once `setB` and `setA` wait to write"), std::string::npos)
      << found[0].message;
  EXPECT_EQ(linesOf(found[0]), (std::set<unsigned>{1, 2, 3, 4, 5, 6}));
}

TEST(LockOrderInversion, UnlikelyIsAHint) {
  FactsBuilder b;
  b.take("f", {"a"}, "b");
  b.take("g", {"b"}, "a");
  b.apart("f", "g", Concurrency::Unlikely);
  EXPECT_TRUE(b.findings(kRule).empty());
  checks::CheckOptions notes;
  notes.notes = true;
  std::vector<Finding> found = b.findings(kRule, notes);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].level, Level::Note);
  EXPECT_TRUE(found[0].hint);
}

TEST(LockOrderInversion, Evidence) {
  FactsBuilder b;
  b.take("f", {"a"}, "b");
  b.take("g", {"b"}, "a");
  b.facts.evidence = Evidence::Observed;
  EXPECT_EQ(b.findings(kRule).at(0).evidence, Evidence::Observed);
  b.apart("f", "g", Concurrency::Proved);
  EXPECT_EQ(b.findings(kRule).at(0).evidence, Evidence::Predicted);
  b.facts.evidence = Evidence::Static;
  EXPECT_EQ(b.findings(kRule).at(0).evidence, Evidence::Static);
}

TEST(LockOrderInversion, InternalLocksAreCounted) {
  FactsBuilder b;
  b.take("f", {"a"}, "b");
  b.take("g", {"b"}, "a");
  b.lockOf("a").internal = true;
  EXPECT_EQ(b.findings(kRule).size(), 1u); // one of them is the user's
  b.lockOf("b").internal = true;
  checks::CheckResult result = checks::runAllChecks(b.facts, {});
  EXPECT_TRUE(result.findings.empty());
  EXPECT_EQ(result.internal, 1u);
  ASSERT_EQ(result.notifications.size(), 1u);
  EXPECT_NE(result.notifications[0].message.find("1 finding left out"), std::string::npos);
}

TEST(LockOrderInversion, LowRankIsAHint) {
  FactsBuilder b;
  b.take("f", {"a"}, "b").factors.push_back({"call resolved by type only", 0.1});
  b.take("g", {"b"}, "a");
  EXPECT_TRUE(b.findings(kRule).empty());
}

TEST(LockOrderInversion, WholeWitnessIsShown) {
  FactsBuilder b;
  Acquire &a = b.take("inner", {"a"}, "b");
  Step call = b.at("outer", StepKind::Call).front();
  a.witness.insert(a.witness.begin(), call);
  Step other = b.at("outer", StepKind::Acquire, b.lock("unrelated")).front();
  a.witness.insert(a.witness.begin(), other);
  b.take("g", {"b"}, "a");
  std::vector<Finding> found = b.findings(kRule);
  ASSERT_EQ(found.size(), 1u);
  const Participant *p = nullptr;
  for (const Participant &each : found[0].participants)
    if (each.steps.size() == 4)
      p = &each;
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->steps[1].subject, -1); // no subject of the finding, but named
  EXPECT_EQ(p->steps[1].note, "`unrelated`");
  EXPECT_EQ(p->steps[2].kind, StepKind::Call);
  EXPECT_EQ(found[0].subjects.size(), 2u);
}

TEST(LockOrderInversion, SameFactsInAnyOrder) {
  std::mt19937 random(3);
  FactsBuilder b;
  for (unsigned i = 0; i < 80; ++i) {
    unsigned from = random() % 9, to = random() % 9;
    if (from != to)
      b.take("f" + std::to_string(random() % 7), {"l" + std::to_string(from)}, "l" + std::to_string(to));
  }
  auto text = [](const std::vector<Finding> &findings) {
    std::vector<std::string> out;
    for (const Finding &f : findings) {
      std::string line = f.message + "|" + f.fingerprint + "|" + std::to_string(f.location.line);
      for (const auto &alternative : f.alternatives)
        for (const Participant &p : alternative)
          line += "|" + p.name + ":" + std::to_string(p.steps.back().location.line);
      out.push_back(line);
    }
    return out;
  };
  std::vector<std::string> expected = text(b.findings(kRule));
  EXPECT_GT(expected.size(), 5u);
  for (int round = 0; round < 10; ++round) {
    std::shuffle(b.facts.acquires.begin(), b.facts.acquires.end(), random);
    ASSERT_EQ(text(b.findings(kRule)), expected);
  }
}
