// SPDX-License-Identifier: MIT
// LINK: gordian_checks
//
// All checks together: the same facts in any order give the same findings, each rule has its check, and every
// finding is fit for a report.
#include "testcases/unit/facts_builder.h"

#include "finding/rules.h"

#include <gtest/gtest.h>
#include <random>

using namespace gordian;
using namespace gordian::test;

/// Several facts of every kind, in different functions, with defects and without.
static FactsBuilder everything() {
  FactsBuilder b;
  for (unsigned i = 0; i < 6; ++i) {
    std::string n = std::to_string(i), next = std::to_string((i + 1) % 6), f = "f" + n;
    b.take(f, {"l" + n}, "l" + next);
    b.take("g" + n, {"l" + next}, "l" + n);
    b.take("h", {"l" + n}, "l" + next);
    b.again("again" + std::to_string(i % 3), "l" + n, "l" + n);
    b.badRelease("release" + std::to_string(i % 2), BadRelease::Kind(i % 4), "l" + n);
    b.leave("leave" + std::to_string(i % 3), HeldAtExit::Kind(i % 6), "l" + n);
    b.wait("wait" + n, i % 2, i % 3 ? "m" + std::to_string(i % 2) : "", {"outer" + n}).looped = i % 2;
    b.notify("notify" + n, i % 2, {}, {"outer" + n});
    b.block("block" + n, Block::Kind(i), {"l" + n, "l" + next});
    b.awaited("awaited" + n, i % 2 ? "l" + n : "l" + next);
    b.write("access" + n, "v" + std::to_string(i % 2),
            i < 4 ? std::vector<std::string>{"m"} : std::vector<std::string>{});
    b.read("access" + n, "v" + std::to_string(i % 2), {"m"});
  }
  return b;
}

static std::string text(const Participant &p) {
  std::string out = p.name + "{";
  for (const Step &s : p.steps)
    out += std::to_string(int(s.kind)) + "/" + std::to_string(s.subject) + "/" + s.function + ":" +
           std::to_string(s.location.line) + " ";
  return out + "}";
}

static std::string text(const Finding &f) {
  std::string out = f.rule + ": " + f.message + " @" + std::to_string(f.location.line) + " " + f.fingerprint;
  for (const Participant &p : f.participants)
    out += text(p);
  for (const auto &alternative : f.alternatives)
    for (const Participant &p : alternative)
      out += " or " + text(p);
  return out + " of " + std::to_string(f.alternativesTotal);
}

static std::vector<std::string> texts(const Facts &facts) {
  std::vector<std::string> out;
  for (const Finding &f : checks::runChecks(facts, {}))
    out.push_back(text(f));
  return out;
}

TEST(Checks, SameFactsInAnyOrder) {
  FactsBuilder b = everything();
  std::vector<std::string> expected = texts(b.facts);
  EXPECT_GT(expected.size(), 20u);
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    Facts &f = b.facts;
    auto shuffle = [&](auto &list) { std::shuffle(list.begin(), list.end(), random); };
    shuffle(f.acquires);
    shuffle(f.reacquires);
    shuffle(f.badReleases);
    shuffle(f.heldAtExits);
    shuffle(f.waits);
    shuffle(f.notifies);
    shuffle(f.blocks);
    shuffle(f.accesses);
    ASSERT_EQ(texts(f), expected);
  }
}

TEST(Checks, EveryRuleButDeadlockIsFoundInSource) {
  std::set<std::string> found;
  for (const Finding &f : checks::runChecks(everything().facts, {}))
    found.insert(f.rule);
  for (const Rule &r : rules())
    EXPECT_EQ(found.count(r.id), size_t(r.isStatic)) << r.id;
}

TEST(Checks, FitForAReport) {
  checks::CheckOptions notes;
  notes.notes = true;
  for (const Finding &f : checks::runChecks(everything().facts, notes)) {
    EXPECT_FALSE(f.message.empty());
    EXPECT_EQ(f.message.find('\n'), std::string::npos);
    EXPECT_NE(f.message.back(), '.'); // one clause; the report puts it into its own sentence
    EXPECT_TRUE(f.location.known()) << f.message;
    EXPECT_FALSE(f.fingerprint.empty());
    EXPECT_GT(f.rank(), 0);
    EXPECT_LE(f.rank(), 1);
    for (const Participant &p : f.participants) {
      EXPECT_FALSE(p.name.empty()) << f.message;
      for (const Step &s : p.steps)
        EXPECT_LT(s.subject, int(f.subjects.size())) << f.message;
    }
  }
}

TEST(Checks, NothingOfNothing) {
  FactsBuilder b;
  checks::CheckResult result = checks::runAllChecks(b.facts, {});
  EXPECT_TRUE(result.findings.empty());
  EXPECT_TRUE(result.notifications.empty());
}

TEST(Checks, CutOffIsSaid) {
  FactsBuilder b;
  for (unsigned i = 0; i < 30; ++i)
    b.take("f" + std::to_string(i), {"l" + std::to_string(i)}, "l" + std::to_string((i + 1) % 30));
  checks::CheckOptions options;
  options.cycles.length = 10;
  checks::CheckResult result = checks::runAllChecks(b.facts, options);
  EXPECT_TRUE(result.findings.empty());
  ASSERT_EQ(result.notifications.size(), 1u);
  EXPECT_EQ(result.cutOff, 30u);
}
