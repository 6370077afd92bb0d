// SPDX-License-Identifier: MIT
//
// The front end's one entrance: a compile command goes in, a lowered unit comes out. Nothing of Clang shows
// here.
//
// A unit that does not parse in full is still lowered: functions with errors have `hasErrors` and no blocks,
// and Unit::errors holds what Clang said, the first error first. Clang is not safe against every input:
// callers that must survive a crash or an endless instantiation run this in a process of its own
// (build/unit_jobs.h).
#ifndef GORDIAN_SOURCE_LOWER_LOWER_H
#define GORDIAN_SOURCE_LOWER_LOWER_H

#include "source/build/compile_command.h"
#include "source/ir/ir.h"

#include "llvm/Support/VirtualFileSystem.h"

#include <map>
#include <string>
#include <vector>

namespace gordian::lower {

struct Options {
  /// Keys of file-local things name their file relative to this folder, so that they are the same in another
  /// checkout.
  std::string root;
  /// Template bodies of libraries that are kept at most, in order of first use.
  unsigned maxLibraryBodies = 2000;
  /// Where sources and headers are read from; null: the disk.
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files;
};

/// What the lowering knows no construct for: kind of syntax node and how often it became an unknown value.
using Unhandled = std::map<std::string, unsigned>;

/// `ignored` gets what Clang's driver objects to in the command; the unit is read without it.
ir::Unit lowerUnit(const build::CompileCommand &command, const Options &options,
                   Unhandled *unhandled = nullptr, std::vector<std::string> *ignored = nullptr);

/// Clang's own name of its version and build.
std::string frontEndVersion();

} // namespace gordian::lower

#endif
