// SPDX-License-Identifier: MIT
// LINK: gordian_runtime_core
//
// GORDIAN_OPTIONS: values, quotes, and what is said about mistakes.
#include "core/flags.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace gordian::runtime;

namespace {

std::vector<std::string> complaints;

Flags parse(const char *text) {
  complaints.clear();
  Flags f;
  parseFlags(text, f, [](const char *line) { complaints.push_back(line); });
  return f;
}

TEST(Flags, readsEachType) {
  const Flags f = parse("verbosity=2:history=64M:write_in_locks=no:trace_dir=/tmp/x");
  EXPECT_EQ(f.verbosity, 2u);
  EXPECT_EQ(f.history, 64u << 20);
  EXPECT_FALSE(f.write_in_locks);
  EXPECT_STREQ(f.trace_dir.value, "/tmp/x");
  EXPECT_TRUE(complaints.empty());
}

TEST(Flags, aReportKeepsItsColon) {
  const Flags f = parse("report=html:out.html:verbosity=1");
  EXPECT_STREQ(f.report.value, "html:out.html");
  EXPECT_EQ(f.verbosity, 1u);
}

TEST(Flags, quotesProtectColons) {
  EXPECT_STREQ(parse("trace_dir='/a:b':verbosity=1").trace_dir.value, "/a:b");
}

TEST(Flags, aMistakeIsNamedAndTheRestApplies) {
  const Flags f = parse("nonsense=1:history=many:verbosity=1");
  ASSERT_EQ(complaints.size(), 2u);
  EXPECT_NE(complaints[0].find("nonsense"), std::string::npos);
  EXPECT_NE(complaints[1].find("many"), std::string::npos);
  EXPECT_EQ(f.verbosity, 1u);
  EXPECT_EQ(f.history, Flags().history);
}

TEST(Flags, nothingIsFine) {
  parse(nullptr);
  parse("");
  parse(":::");
  EXPECT_TRUE(complaints.empty());
}

} // namespace
