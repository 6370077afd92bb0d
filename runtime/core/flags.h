// SPDX-License-Identifier: MIT
//
// GORDIAN_OPTIONS, parsed once at start. Rows are in flags.def.
#ifndef GORDIAN_CORE_FLAGS_H
#define GORDIAN_CORE_FLAGS_H

#include <cstddef>
#include <cstdint>

namespace gordian::runtime {

using Bool = bool;
using Number = uint64_t;
struct Text {
  static constexpr size_t kCapacity = 1024;
  char value[kCapacity];
  bool empty() const { return value[0] == 0; }
};

struct Flags {
#define FLAG(type, name, initial, help) type name = {initial};
#include "core/flags.def"
};

extern Flags options;

/// Applies `text` to `to`. Calls `complain(line)` once for each key or value that it does not understand; the
/// rest is applied all the same. Null text: nothing to do.
void parseFlags(const char *text, Flags &to, void (*complain)(const char *line));

/// The table, one line for each row.
void printFlags(void (*line)(const char *text));

} // namespace gordian::runtime

#endif
