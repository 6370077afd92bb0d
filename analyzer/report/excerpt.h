// SPDX-License-Identifier: MIT
//
// A source line with a caret under a column, as compilers print it. Columns count bytes, as Clang's do.
#ifndef GORDIAN_REPORT_EXCERPT_H
#define GORDIAN_REPORT_EXCERPT_H

#include "finding/finding.h"

#include <string>

namespace gordian::report {

class Sources;

struct Excerpt {
  std::string code;  // one line, without control characters, cut around the column where it is very long
  std::string caret; // blanks (tabs where the code has tabs) and a '^'; empty where the column is not known
};

/// Empty where the line cannot be read.
Excerpt excerptAt(const Location &at, Sources *sources);

} // namespace gordian::report

#endif
