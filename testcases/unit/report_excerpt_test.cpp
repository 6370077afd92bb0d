// SPDX-License-Identifier: MIT
// LINK: gordian_report
//
// Excerpts and words: tabs, other alphabets, very long and binary lines; what a step says of others.
#include "finding_samples.h"
#include "report/excerpt.h"
#include "report/sources.h"
#include "report/words.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::report;
using namespace gordian::samples;

static Excerpt excerptOf(const std::string &text, unsigned line, unsigned column) {
  llvm::SmallString<128> path;
  int fd = -1;
  EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("gordian", "cpp", fd, path));
  llvm::raw_fd_ostream(fd, true) << text;
  Sources sources;
  Excerpt e = excerptAt({path.str().str(), line, column}, &sources);
  llvm::sys::fs::remove(path);
  return e;
}

TEST(Excerpt, CaretUnderTheColumn) {
  Excerpt e = excerptOf("int a;\n  m.lock();\r\nint b;", 2, 5);
  EXPECT_EQ(e.code, "  m.lock();");
  EXPECT_EQ(e.caret, "    ^");
}

TEST(Excerpt, TabsStayTabs) {
  Excerpt e = excerptOf("\t\tm.lock();\n", 1, 3);
  EXPECT_EQ(e.code, "\t\tm.lock();");
  EXPECT_EQ(e.caret, "\t\t^");
}

TEST(Excerpt, ColumnsCountBytesCaretsCountCharacters) {
  EXPECT_EQ(excerptOf("größe.lock();", 1, 10).caret, "       ^"); // two characters of two bytes before it
}

TEST(Excerpt, NothingWhereThereIsNothing) {
  EXPECT_EQ(excerptOf("int a;\n", 7, 1).code, "");
  EXPECT_EQ(excerptOf("\n   \n", 2, 1).code, "");
  EXPECT_EQ(excerptOf("a\0b", 1, 1).code, excerptOf("a", 1, 1).code);
  EXPECT_EQ(excerptAt({"/nowhere/x.c", 1, 1}, nullptr).code, "");
  EXPECT_EQ(excerptOf("int a;", 1, 99).caret, "") << "a column behind the line's end";
}

TEST(Excerpt, LongLinesAreCutAroundTheColumn) {
  std::string line = std::string(5000, 'x') + "HERE" + std::string(5000, 'y');
  Excerpt e = excerptOf(line, 1, 5001);
  EXPECT_LT(e.code.size(), 200u);
  ASSERT_NE(e.caret, "");
  EXPECT_EQ(e.code.substr(e.caret.size() - 1, 4), "HERE");
}

TEST(Excerpt, RandomLinesNeverBreak) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    std::string line;
    for (size_t n = random.below(400); n > 0; --n)
      line += char(1 + random.below(255));
    Excerpt e = excerptOf(line, 1, unsigned(random.below(420)));
    EXPECT_TRUE(llvm::json::isUTF8(e.code));
    EXPECT_EQ(e.code.find('\n'), std::string::npos);
    EXPECT_EQ(e.code.find('\x1b'), std::string::npos) << "no control sequence reaches a terminal";
  }
}

TEST(Words, WhoHoldsWhatIsAskedFor) {
  Finding f = inversion();
  EXPECT_EQ(describeStep(f, f.participants, 0, 0), "acquires A");
  EXPECT_EQ(describeStep(f, f.participants, 0, 1), "asks for B, which may be held by thread g");
  f.evidence = Evidence::Confirmed;
  f.participants[0].steps[1].mode = Mode::Shared;
  f.participants[0].steps[1].note = "in a loop";
  EXPECT_EQ(describeStep(f, f.participants, 0, 1), "asks for B (shared), held by thread g, in a loop");
}

TEST(Words, EveryKindOfStepSaysSomething) {
  Finding f = inversion();
  for (int kind = 0; kind <= int(StepKind::Declare); ++kind)
    for (int subject : {-1, 0, 99}) {
      Step s = at(StepKind(kind), subject, 1, "f");
      std::string words = describeStep(f, {{"", {s}}}, 0, 0);
      EXPECT_FALSE(words.empty());
      EXPECT_EQ(words.find("%s"), std::string::npos);
    }
}
