// SPDX-License-Identifier: MIT
//
// Reports: a Result written in one of the formats of formats.def, and read back from those that keep
// everything.
//
// A writer adds no knowledge, writes the findings in the order given, and formats only. Findings with
// suppressions are in every format but text, which counts them.
#ifndef GORDIAN_REPORT_REPORT_H
#define GORDIAN_REPORT_REPORT_H

#include "finding/finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace llvm {
class raw_ostream;
}

namespace gordian::report {

class Sources;

struct Options {
  bool colour = false;            // text only
  bool explainRanking = false;    // print the factors of the ranking
  bool problemsElsewhere = false; // text only: warnings and errors of the run itself are told on stderr
  Sources *sources = nullptr;     // for excerpts; null: none
};

struct Format {
  const char *name;
  const char *extension; // without dot
  const char *help;
  void (*write)(const Result &, const Options &, llvm::raw_ostream &);
};

llvm::ArrayRef<Format> formats();

/// Null where there is none of this name.
const Format *findFormat(llvm::StringRef name);

/// The format that a file's extension implies; null where none does.
const Format *formatOfFile(llvm::StringRef path);

/// Reads a result that was written as json or sarif (by any tool). The error is one line that names the file.
llvm::Expected<Result> readResult(llvm::StringRef path);
/// The same of a text in hand; the error says what is wrong with it.
llvm::Expected<Result> parseResult(llvm::StringRef text);

#define FORMAT(NAME, FLAG, EXTENSION, HELP)                                                                  \
  void write##NAME(const Result &result, const Options &options, llvm::raw_ostream &os);
#include "report/formats.def"

} // namespace gordian::report

#endif
