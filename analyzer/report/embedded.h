// SPDX-License-Identifier: MIT
//
// Files that the build puts into the binary: the rules' pages (docs/rules/<id>.md) and the HTML page.
#ifndef GORDIAN_REPORT_EMBEDDED_H
#define GORDIAN_REPORT_EMBEDDED_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace gordian::report {

struct EmbeddedFile {
  const char *name;
  llvm::StringRef text;
};

llvm::ArrayRef<EmbeddedFile> rulePages();

/// One file: the page with one place for its data, see html.cpp.
llvm::ArrayRef<EmbeddedFile> htmlPage();

/// The page of a rule in Markdown; what the rule table says where it has none.
std::string rulePage(llvm::StringRef id);

} // namespace gordian::report

#endif
