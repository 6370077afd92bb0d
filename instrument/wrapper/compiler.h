// SPDX-License-Identifier: MIT
//
// The compiler below the wrapper: the first of these that exists and has a ThreadSanitizer runtime.
//
//   1. what the environment names (GORDIAN_CC, GORDIAN_CXX), with or without a runtime
//   2. the Clang that this Gordian was configured with
//   3. clang-19, then clang, then gcc (clang++-19, clang++, g++), as PATH finds them
//
// Whether a compiler has the runtime is seen from the files beside it; asking it would cost each compilation
// a process.
#ifndef GORDIAN_INSTRUMENT_WRAPPER_COMPILER_H
#define GORDIAN_INSTRUMENT_WRAPPER_COMPILER_H

#include <string>
#include <string_view>

namespace gordian::wrapper {

enum class Language { C, Cxx };

struct Compiler {
  std::string path;
  bool clang = false;
  bool loadsPass = false; // it is the Clang that our pass plugin was built for
};

/// A path that is empty where there is none; `why` then says what to do about it.
Compiler findCompiler(Language language, std::string &why);

/// The folder of the glue that programs are linked with (libgordian-tsan.a and its lists), found relative to
/// the wrapper itself. Empty where it is not there.
std::string findGlue();

} // namespace gordian::wrapper

#endif
