// SPDX-License-Identifier: MIT
// LINK: gordian_finding
//
// Suppressions by file and by comment.
#include "finding/suppressions.h"
#include "finding_samples.h"

#include <gtest/gtest.h>

#include <map>

using namespace gordian;
using namespace gordian::samples;

static std::string errorOf(const char *text) {
  auto rules = parseSuppressions(text, "file");
  return rules ? "" : llvm::toString(rules.takeError());
}

static Finding sample() {
  Finding f = inversion(10, "Legacy::store(int)", "g");
  f.participants[1].steps[0].location.file = "/home/me/tests/deep/b.cpp";
  f.participants[0].steps[0].stack = {{"Legacy::store(int)", {}, "", 0},
                                      {"outermost", {"/x/caller.cpp", 1, 1}, "", 0}};
  identify(f);
  return f;
}

static bool suppresses(const std::string &line) {
  auto rules = parseSuppressions(line, "file");
  EXPECT_TRUE(bool(rules)) << llvm::toString(rules.takeError());
  std::vector<Finding> list = {sample()};
  suppress(list, *rules);
  EXPECT_EQ(list[0].suppressions.size(), (*rules)[0].used);
  return !list[0].suppressions.empty();
}

TEST(Suppressions, MatchAtAnyStep) {
  EXPECT_TRUE(suppresses("lock-order-inversion"));
  EXPECT_TRUE(suppresses("lock-order-inversion lock=B"));
  EXPECT_TRUE(suppresses("lock-* lock=A function=g"));
  EXPECT_TRUE(suppresses("* path=tests"));
  EXPECT_TRUE(suppresses("* path=tests/*.cpp"));
  EXPECT_TRUE(suppresses("* path=/x/caller.cpp"));
  EXPECT_TRUE(suppresses("* function=Legacy::store"));
  EXPECT_TRUE(suppresses("* function=outer*"));
  EXPECT_TRUE(suppresses("* function=\"Legacy::store(int)\""));
  EXPECT_TRUE(suppresses("* fingerprint=" + sample().fingerprint));
}

TEST(Suppressions, EveryConditionMustHold) {
  EXPECT_FALSE(suppresses("lock-leak lock=A"));
  EXPECT_FALSE(suppresses("* lock=C"));
  EXPECT_FALSE(suppresses("* lock=A function=nowhere"));
  EXPECT_FALSE(suppresses("* path=test"));
  EXPECT_FALSE(suppresses("* fingerprint=0123"));
}

TEST(Suppressions, ReasonAndUse) {
  auto rules = parseSuppressions("# head\r\n\n* lock=A # because of that  \nlock-leak # never\n", "f.txt");
  ASSERT_TRUE(bool(rules));
  ASSERT_EQ(rules->size(), 2u);
  std::vector<Finding> list = {sample(), sample()};
  suppress(list, *rules);
  EXPECT_EQ(list[0].suppressions[0].justification, "because of that");
  EXPECT_EQ(list[0].suppressions[0].kind, "external");
  EXPECT_EQ((*rules)[0].used, 2u);
  EXPECT_EQ((*rules)[1].used, 0u);
  EXPECT_EQ((*rules)[1].line, 4u);
}

TEST(Suppressions, MistakesAreTold) {
  EXPECT_NE(errorOf("lock-leek\n").find("file:1: no rule 'lock-leek' (did you mean lock-leak?)"),
            std::string::npos);
  EXPECT_NE(errorOf("\n\nlock-leak file=x\n").find("file:3: unknown condition 'file'"), std::string::npos);
  EXPECT_NE(errorOf("lock-leak src\n").find("'src' is no condition"), std::string::npos);
  EXPECT_NE(errorOf("lock-leak path=[\n").find("bad glob"), std::string::npos);
  EXPECT_NE(errorOf("lock-leak path=\"x\n").find("quote"), std::string::npos);
  EXPECT_NE(errorOf("* # all\n").find("suppress everything"), std::string::npos);
}

/// Whether a finding on line 11 is suppressed by what stands on some lines.
static std::string inSource(std::map<unsigned, std::string> lines,
                            const char *rule = rule::LockOrderInversion) {
  Finding f = inversion(10);
  f.rule = rule;
  std::vector<Finding> list = {f};
  suppressInSource(list, [&](const std::string &, unsigned line) -> std::optional<llvm::StringRef> {
    auto it = lines.find(line);
    return it == lines.end() ? std::nullopt : std::optional<llvm::StringRef>(it->second);
  });
  return list[0].suppressions.empty() ? "-" : list[0].suppressions[0].justification;
}

TEST(SuppressionsInSource, OnTheLineOrAbove) {
  EXPECT_EQ(inSource({{11, "m.lock(); // gordian: allow(lock-order-inversion) one thread only"}}),
            "one thread only");
  EXPECT_EQ(inSource({{10, "  // gordian: allow(lock-leak, lock-order-inversion): init"}}), "init");
  EXPECT_EQ(inSource({{21, "m.lock(); /* gordian: allow(*) second edge */"}}), "second edge");
  EXPECT_EQ(inSource({{11, "m.lock(); // gordian: allow(*)"}}), "allowed by a comment in the source");
}

TEST(SuppressionsInSource, NotElsewhere) {
  EXPECT_EQ(inSource({{12, "// gordian: allow(*)"}}), "-");
  EXPECT_EQ(inSource({{9, "n.lock(); // gordian: allow(*)"}}), "-")
      << "it speaks of the line that it stands on";
  EXPECT_EQ(inSource({{11, "// gordian: allow(lock-leak)"}}), "-");
  EXPECT_EQ(inSource({{11, "print(\"gordian: allow(*)\");"}}), "-") << "no comment";
}
