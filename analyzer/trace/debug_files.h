// SPDX-License-Identifier: MIT
//
// Which files tell about a module of a run: the binary itself, if it is still the one that ran (same build
// id), and the file that holds its debug information: the binary, /usr/lib/debug/.build-id/xx/yyyy.debug, or
// what .gnu_debuglink names, looked for where gdb looks: beside the binary, in .debug/ below it, and in
// /usr/lib/debug/<folder>.
//
// Errs to missing: a binary that was rebuilt since the run is not used, because its lines would be wrong.
#ifndef GORDIAN_TRACE_DEBUG_FILES_H
#define GORDIAN_TRACE_DEBUG_FILES_H

#include <string>

namespace gordian::trace {

/// A module as the trace names it. `buildId` is lower-case hexadecimal, empty where the module has none.
struct ModuleFile {
  std::string path;
  std::string buildId;
};

/// `binary` is empty where the file is gone, unreadable or another build (`changed`). `debug` is empty where
/// no debug information was found; it may equal `binary`.
struct DebugFiles {
  std::string binary;
  std::string debug;
  bool changed = false;
};

DebugFiles findDebugFiles(const ModuleFile &module);

} // namespace gordian::trace

#endif
