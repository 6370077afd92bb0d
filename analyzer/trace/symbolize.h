// SPDX-License-Identifier: MIT
//
// Addresses of a run -> what a person calls them. An address is a module and an offset from that module's
// load bias (so it is the address in the module's own ELF file). Everything is cached; nothing here knows
// what a lock is.
//
//   code(m, o)      frames at an instruction, innermost inlined function first
//   data(m, o)      the variable that contains o, down to the member: `table.locks[3]`
//   classMember()   the class of a parameter or local variable that is in scope at an instruction, and a
//   member
//
// Without debug information a frame has the nearest symbol (the dynamic one in a stripped binary), module and
// offset; without symbols module and offset alone.
#ifndef GORDIAN_TRACE_SYMBOLIZE_H
#define GORDIAN_TRACE_SYMBOLIZE_H

#include "finding/finding.h"
#include "trace/debug_files.h"
#include "trace/hand_offs.h"
#include "trace/polling.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gordian::trace {

/// A named piece of storage. `type` is the innermost member's type as DWARF spells it; empty where it is not
/// known.
struct DataName {
  std::string name;     // "cache.m", "table.locks[3]", "Registry::lock_"
  std::string type;     // "std::mutex"
  Location declaration; // of the variable (or of the member, where there is one)
};

struct ClassMember {
  std::string klass;    // "Account"
  Location declaration; // of the member; unknown where the class has none of that name
};

class Symbolizer {
public:
  Symbolizer();
  ~Symbolizer();

  /// At least one frame. The reference stays valid until the Symbolizer dies.
  const std::vector<Frame> &code(const ModuleFile &module, uint64_t offset);

  std::optional<DataName> data(const ModuleFile &module, uint64_t offset);

  /// The class that a parameter or local called `variable` has (or points or refers to) in the function of
  /// frame number `inlined` of code(module, offset), for naming `from.m` as `Account::m`, and where that
  /// class declares `member` ("m", "inner.m"). `this` works too.
  std::optional<ClassMember> classMember(const ModuleFile &module, uint64_t offset, size_t inlined,
                                         const std::string &variable, const std::string &member);

  /// Which variables the function around the address polls before it and writes after it.
  Polling polling(const ModuleFile &module, uint64_t offset);

  /// What the function around the address waits for before it and signals after it.
  HandOffs handOffs(const ModuleFile &module, uint64_t offset);

  /// Paths of modules whose file on disk is another build than the one that ran.
  std::vector<std::string> changedModules() const;

private:
  struct Implementation;
  std::unique_ptr<Implementation> impl;
};

} // namespace gordian::trace

#endif
