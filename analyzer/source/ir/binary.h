// SPDX-License-Identifier: MIT
//
// The compact form of a lowered unit, for caches and for handing units between processes.
//
//   "GRDL"            magic
//   u64 layout        hash over the rows of fields.h: another layout is another format
//   u64 checksum      xxh3 of everything behind it
//   strings           count, then length and bytes of each distinct string in the order of first use
//   records           the rows of fields.h in order; numbers as LEB128, Ids plus one (so that "none" is one
//   byte)
#ifndef GORDIAN_SOURCE_IR_BINARY_H
#define GORDIAN_SOURCE_IR_BINARY_H

#include "source/ir/ir.h"

#include "llvm/Support/Error.h"

#include <string>
#include <string_view>

namespace gordian::ir {

std::string writeBinary(const Unit &unit);

/// `name` stands before the message in an error.
llvm::Expected<Unit> readBinary(std::string_view bytes, std::string_view name);

/// Either form, told by its first bytes.
llvm::Expected<Unit> readUnit(std::string_view content, std::string_view name);
llvm::Expected<Unit> readUnitFile(const std::string &path);

} // namespace gordian::ir

#endif
