// SPDX-License-Identifier: MIT
//
// The readers of the two formats that keep everything. Unknown members are ignored; members of the wrong type
// make the document an error, with the path to the member.
#ifndef GORDIAN_REPORT_JSON_READER_H
#define GORDIAN_REPORT_JSON_READER_H

#include "finding/finding.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace gordian::report {

llvm::Expected<Result> readJson(const llvm::json::Object &document);

/// Any SARIF 2.1.0 log; all its runs become one result. What our own writer put into property bags is
/// restored.
llvm::Expected<Result> readSarif(const llvm::json::Object &document);

} // namespace gordian::report

#endif
