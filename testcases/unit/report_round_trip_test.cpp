// SPDX-License-Identifier: MIT
// LINK: gordian_report
//
// What json and sarif write, the readers read: random findings there and back; broken documents are one clear
// error.
#include "finding_samples.h"
#include "report/paths.h"
#include "report/report.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::report;
using namespace gordian::samples;

namespace {
/// A file that is gone with its object.
struct TemporaryFile {
  llvm::SmallString<128> path;
  explicit TemporaryFile(const std::string &text) {
    int fd = -1;
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("gordian", "result", fd, path));
    llvm::raw_fd_ostream(fd, true) << text;
  }
  ~TemporaryFile() { llvm::sys::fs::remove(path); }
};
} // namespace

static std::string written(const char *format, const Result &result) {
  std::string text;
  llvm::raw_string_ostream os(text);
  findFormat(format)->write(result, {}, os);
  return text;
}

static Result randomResult(unsigned seed) {
  Random random(seed);
  Result r;
  r.workingDirectory = "/";
  r.commandLine = "gordian check \"a b\"";
  for (int i = 0; i < 5; ++i)
    r.findings.push_back(random.finding());
  r.notifications = {{Level::Warning, random.text(), random.location()}};
  r.successful = random.below(2) == 0;
  return r;
}

class RoundTrip : public testing::TestWithParam<const char *> {};

/// The json format holds every member, so it is also how two results are compared.
TEST_P(RoundTrip, RandomFindingsComeBack) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    Result before = randomResult(seed);
    TemporaryFile file(written(GetParam(), before));
    llvm::Expected<Result> after = readResult(file.path);
    ASSERT_TRUE(bool(after)) << llvm::toString(after.takeError());
    if (before.workingDirectory == "/" && after->workingDirectory.empty())
      after->workingDirectory = "/";
    ASSERT_EQ(written("json", before), written("json", *after)) << "seed " << seed;
  }
}

/// Every cut of a document is an error, never a crash and never a result.
TEST_P(RoundTrip, TruncatedDocumentsAreErrors) {
  std::string whole = written(GetParam(), randomResult(1));
  for (size_t length = 0; length + 3 < whole.size(); length += 1 + whole.size() / 97) {
    TemporaryFile file(whole.substr(0, length));
    llvm::Expected<Result> r = readResult(file.path);
    ASSERT_FALSE(bool(r)) << length;
    EXPECT_NE(llvm::toString(r.takeError()).find("cannot read"), std::string::npos);
  }
}

/// A document with one byte changed is read or refused, and whatever was read can be written again.
TEST_P(RoundTrip, DamagedDocumentsDoNoHarm) {
  std::string whole = written(GetParam(), randomResult(2));
  Random random(9);
  for (int i = 0; i < 300; ++i) {
    std::string damaged = whole;
    damaged[random.below(damaged.size())] = "{}[]\",:0-x\n"[random.below(11)];
    TemporaryFile file(damaged);
    if (llvm::Expected<Result> r = readResult(file.path))
      for (const Format &f : formats())
        written(f.name, *r);
    else
      llvm::consumeError(r.takeError());
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundTrip, testing::Values("json", "sarif"));

static std::string readError(const std::string &text) {
  TemporaryFile file(text);
  llvm::Expected<Result> r = readResult(file.path);
  return r ? "" : llvm::toString(r.takeError());
}

TEST(Reader, SaysWhatIsWrong) {
  EXPECT_NE(readError("").find("empty"), std::string::npos);
  EXPECT_NE(readError("{}").find("neither"), std::string::npos);
  EXPECT_NE(readError("[1]").find("neither"), std::string::npos);
  EXPECT_NE(readError(R"({"gordian":{"schema":99}})").find("another version"), std::string::npos);
  EXPECT_NE(readError(R"({"gordian":{"schema":1},"findings":[{"level":"loud"}]})").find("findings[0].level"),
            std::string::npos);
  EXPECT_NE(readError(R"({"version":"2.0.0","runs":[]})").find("only 2.1.0"), std::string::npos);
}

TEST(Reader, ForeignSarif) {
  TemporaryFile file(R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"other","rules":[{"id":"r1"}]}},
    "results":[{"ruleIndex":0,"message":{"text":"hm"},"locations":[{"physicalLocation":{
      "artifactLocation":{"uri":"file:///a%20b.c"},"region":{"startLine":7}}}]},
      {"ruleId":"r2","kind":"pass","message":{"text":"fine"}}]}]})");
  llvm::Expected<Result> r = readResult(file.path);
  ASSERT_TRUE(bool(r));
  ASSERT_EQ(r->findings.size(), 1u);
  EXPECT_EQ(r->findings[0].rule, "r1");
  EXPECT_EQ(r->findings[0].location, (Location{"/a b.c", 7, 0}));
}

TEST(Uri, ThereAndBack) {
  for (const char *path : {"/a b/c#d.c", "x/y%z.h", "/ü/ß", "a:b.c", "/plain/file_name-1.cpp"})
    EXPECT_EQ(fromUri(toUri(path)), path);
  EXPECT_EQ(toUri("/a b"), "file:///a%20b");
  EXPECT_EQ(toUri("a:b.c"), "a%3Ab.c");
  EXPECT_EQ(fromUri("file://host/x"), "/x");
}

TEST(Formats, EveryOneWritesEveryFinding) {
  Result r = randomResult(4);
  r.findings[0].message = "the one and only";
  r.findings[0].suppressions.clear();
  r.findings[0].baseline = BaselineState::None;
  for (const Format &f : formats())
    EXPECT_NE(written(f.name, r).find("the one and only"), std::string::npos) << f.name;
}
