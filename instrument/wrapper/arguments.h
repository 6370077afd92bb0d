// SPDX-License-Identifier: MIT
//
// What a compiler command line asks for, as far as a wrapper must know it: does it link, and what? Options
// are read as GCC and Clang read them: some take the next word as their value, response files (@FILE) stand
// for the words in them, and a file's kind is given by its ending or by -x.
//
// Errs to not linking: what is not recognised as a link gets no glue, and a missing symbol then says so at
// once.
#ifndef GORDIAN_INSTRUMENT_WRAPPER_ARGUMENTS_H
#define GORDIAN_INSTRUMENT_WRAPPER_ARGUMENTS_H

#include <string>
#include <vector>

namespace gordian::wrapper {

struct Request {
  bool compiles = false; // there is an input: without one the compiler is only asked a question (--version)
  bool links = false;    // the linker runs
  bool shared = false;   // ... and makes a shared library
  bool relocatable = false;  // ... or one object of several
  bool statically = false;   // ... or a static program
  bool bare = false;         // ... without the C library
  bool freestanding = false; // no operating system below: nothing may be instrumented
  std::vector<std::string> inputs;
};

/// `words`: the command line without the program's name.
Request understand(const std::vector<std::string> &words);

/// The words of a response file's text: separated by white space, quoted by ' or ", escaped by a backslash.
std::vector<std::string> splitWords(const std::string &text);

} // namespace gordian::wrapper

#endif
