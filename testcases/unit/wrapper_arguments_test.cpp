// SPDX-License-Identifier: MIT
// LINK: gordian_wrapper
//
// What a compiler command line asks for, as the wrappers read it.
#include "instrument/wrapper/arguments.h"

#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>

using gordian::wrapper::Request;
using gordian::wrapper::splitWords;
using gordian::wrapper::understand;

namespace {

Request of(const std::string &line) {
  return understand(splitWords(line));
}

} // namespace

TEST(WrapperArguments, Questions) {
  for (const char *line : {"", "--version", "-v", "-dumpmachine", "-print-search-dirs",
                           "-print-file-name=libc.so", "-o out", "-x c", "-E -dM -x c++"}) {
    EXPECT_FALSE(of(line).compiles) << line;
    EXPECT_FALSE(of(line).links) << line;
  }
}

TEST(WrapperArguments, StepsBeforeTheLinker) {
  for (const char *line : {"-c a.c", "a.c -c -o a.o", "-S a.c", "-E a.c", "-M a.c", "-MM a.c",
                           "-fsyntax-only a.c", "-E -x c -", "--precompile m.cppm"}) {
    EXPECT_TRUE(of(line).compiles) << line;
    EXPECT_FALSE(of(line).links) << line;
  }
}

TEST(WrapperArguments, Links) {
  for (const char *line :
       {"a.c", "a.o -o a", "-x c -", "-MMD -MF a.d a.c -o a", "-MD a.c", "a.o -lfoo", "-lmain", "-o -c a.c",
        "-include -E a.c", "-D -c a.c", "a.c -Wp,-MD,a.d", "-I -M a.c"})
    EXPECT_TRUE(of(line).links) << line;
}

TEST(WrapperArguments, HeadersArePrecompiled) {
  EXPECT_FALSE(of("all.h").links);
  EXPECT_FALSE(of("-x c++-header all.inc -o all.pch").links);
  EXPECT_FALSE(of("-xc-header all").links);
  EXPECT_TRUE(of("-x c++-header all.hpp -x none a.cpp").compiles);
  EXPECT_TRUE(of("a.cpp all.h").links);
}

TEST(WrapperArguments, KindsOfLink) {
  EXPECT_TRUE(of("-shared a.o -o liba.so").shared);
  EXPECT_FALSE(of("a.o -o liba.so").shared);
  EXPECT_TRUE(of("-r a.o b.o -o ab.o").relocatable);
  EXPECT_TRUE(of("-Wl,-r a.o").relocatable);
  EXPECT_TRUE(of("-static a.o").statically);
  EXPECT_TRUE(of("-static-pie a.o").statically);
  EXPECT_FALSE(of("-static-libgcc a.o").statically);
  EXPECT_TRUE(of("-nostdlib a.o").bare);
  EXPECT_TRUE(of("-ffreestanding -c a.c").freestanding);
}

TEST(WrapperArguments, Inputs) {
  EXPECT_EQ(of("-o out a.c -I include -lm b.o -x c++ - @nowhere").inputs,
            (std::vector<std::string>{"a.c", "b.o", "-", "@nowhere"}));
}

TEST(WrapperArguments, WordsOfResponseFiles) {
  EXPECT_EQ(splitWords("  a 'b c'\t\"d 'e\" f\\ g \\\"h\\\" \n\"i\\\"j\" 'k\\l' ''"),
            (std::vector<std::string>{"a", "b c", "d 'e", "f g", "\"h\"", "i\"j", "k\\l", ""}));
  EXPECT_TRUE(splitWords(" \n").empty());
}

TEST(WrapperArguments, ResponseFiles) {
  const std::string inner = testing::TempDir() + "gordian_inner.rsp",
                    outer = testing::TempDir() + "gordian_outer.rsp";
  std::ofstream(inner) << "-c 'x y.c'";
  std::ofstream(outer) << "-g @" << inner << " @" << outer; // names itself: must end
  const Request request = of("-o x.o @" + outer);
  EXPECT_TRUE(request.compiles);
  EXPECT_FALSE(request.links);
  EXPECT_EQ(request.inputs.front(), "x y.c");
  std::remove(inner.c_str());
  std::remove(outer.c_str());
}
