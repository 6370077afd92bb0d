// SPDX-License-Identifier: MIT
//
// Units joined: one number for each function, class and global of the program, whatever unit speaks of it.
// Things are joined by link key. A function that several units define is one function if its linkage says
// that the copies are equal (inline, templates) and several variants if not (two programs in one
// compile_commands.json, two sets of flags): a call means the variant of its own unit, else of its own link
// target, else the first.
#ifndef GORDIAN_SOURCE_LINK_PROGRAM_PROGRAM_H
#define GORDIAN_SOURCE_LINK_PROGRAM_PROGRAM_H

#include "finding/finding.h"
#include "source/ir/ir.h"
#include "source/link/tables/tables.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace gordian::link {

using FunctionId = uint32_t;
using ClassId = uint32_t;
using GlobalId = uint32_t;
using UnitId = uint32_t;
using ir::kNone;

struct FunctionEntry {
  UnitId unit = 0;
  const ir::Function *ir = nullptr; // the definition where there is one
  const Row *row = nullptr;         // what the tables say; its body is then ignored
  ClassId klass = kNone;
  std::vector<FunctionId> overrides; // direct ones
  bool hasBody() const { return !row && ir->defined && !ir->blocks.empty(); }
};

struct ClassEntry {
  UnitId unit = 0;
  const ir::Class *ir = nullptr; // the complete one where there is one
  std::vector<ClassId> bases;
};

struct GlobalEntry {
  UnitId unit = 0;
  const ir::Global *ir = nullptr;
};

/// A place in the program: an ir::Loc means something in its unit only.
struct Place {
  UnitId unit = kNone;
  ir::Loc loc;
};

class Program {
public:
  Program(std::vector<ir::Unit> units, const Tables &tables);

  const Tables &lockTables() const { return tables; }
  const std::vector<FunctionEntry> &functions() const { return functionEntries; }
  const FunctionEntry &function(FunctionId f) const { return functionEntries[f]; }
  const ClassEntry &klass(ClassId c) const { return classEntries[c]; }
  const GlobalEntry &global(GlobalId g) const { return globalEntries[g]; }
  size_t classCount() const { return classEntries.size(); }
  size_t globalCount() const { return globalEntries.size(); }
  const ir::Unit &unit(UnitId u) const { return units[u]; }
  size_t unitCount() const { return units.size(); }
  const ir::Unit &unitOf(FunctionId f) const { return units[functionEntries[f].unit]; }

  FunctionId functionIn(UnitId u, ir::Id f) const { return f == kNone ? kNone : maps[u].functions[f]; }
  ClassId classIn(UnitId u, ir::Id c) const { return c == kNone ? kNone : maps[u].classes[c]; }
  GlobalId globalIn(UnitId u, ir::Id g) const { return g == kNone ? kNone : maps[u].globals[g]; }
  FunctionId functionByKey(const std::string &key) const;

  /// The type that a pointer, reference or array of `t` refers to, through any number of them; kNone if
  /// unknown.
  ir::Id pointee(UnitId u, ir::Id t) const;
  /// The class of type `t` itself, or of what it points to.
  ClassId classOfType(UnitId u, ir::Id t) const;

  Location location(const Place &p) const;
  Location location(UnitId u, const ir::Loc &l) const { return location({u, l}); }

  /// `base` is `derived` or one of its bases.
  bool derivesFrom(ClassId derived, ClassId base) const;

private:
  struct UnitMap {
    std::vector<FunctionId> functions;
    std::vector<ClassId> classes;
    std::vector<GlobalId> globals;
  };

  void joinClasses();
  void joinGlobals();
  void joinFunctions();
  FunctionId variantFor(UnitId u, const ir::Function &f);
  void resolveOverrides();

  const Tables &tables;
  std::vector<ir::Unit> units;
  std::vector<UnitMap> maps;
  std::vector<FunctionEntry> functionEntries;
  std::vector<ClassEntry> classEntries;
  std::vector<GlobalEntry> globalEntries;
  std::unordered_map<std::string, ClassId> classesByKey;
  std::unordered_map<std::string, GlobalId> globalsByKey;
  std::unordered_map<std::string, std::vector<FunctionId>> functionsByKey;
};

} // namespace gordian::link

#endif
