// SPDX-License-Identifier: MIT
#include "source/link/callgraph/lock_methods.h"

namespace gordian::link {

ClassId classOfArgument(const Program &program, FunctionId callee, int n) {
  const FunctionEntry &e = program.function(callee);
  if (n < 0 || static_cast<size_t>(n) >= e.ir->params.size())
    return kNone;
  return program.classOfType(e.unit, e.ir->params[n].type);
}

FunctionId methodBody(const Program &program, const Hierarchy &hierarchy, ClassId c, std::string_view name) {
  if (c == kNone)
    return kNone;
  for (FunctionId m : hierarchy.methods(c)) {
    const std::string &pattern = program.function(m).ir->pattern;
    bool named = pattern.size() > name.size() + 2 && pattern.ends_with(name) &&
                 pattern.compare(pattern.size() - name.size() - 2, 2, "::") == 0;
    if (named && program.function(m).hasBody())
      return m;
  }
  for (ClassId b : program.klass(c).bases)
    if (FunctionId m = methodBody(program, hierarchy, b, name); m != kNone)
      return m;
  return kNone;
}

const Row *methodRow(const Program &program, ClassId c, std::string_view name) {
  if (c == kNone)
    return nullptr;
  if (const Row *r = program.lockTables().findByName(program.klass(c).ir->pattern + "::" + std::string(name)))
    return r;
  for (ClassId b : program.klass(c).bases)
    if (const Row *r = methodRow(program, b, name))
      return r;
  return nullptr;
}

std::vector<FunctionId> guardCallees(const Program &program, const Hierarchy &hierarchy, FunctionId callee,
                                     const Row &row) {
  std::vector<FunctionId> found;
  bool makes = row.effect == Effect::GuardAcquire || row.effect == Effect::GuardTry ||
               row.effect == Effect::GuardAdopt || row.effect == Effect::GuardDefer;
  if (!makes)
    return found;
  size_t count = program.function(callee).ir->params.size();
  for (size_t n = static_cast<size_t>(row.other); n < count; ++n)
    for (std::string_view name :
         {"lock", "unlock", "try_lock", "lock_shared", "unlock_shared", "try_lock_shared"})
      if (FunctionId m =
              methodBody(program, hierarchy, classOfArgument(program, callee, static_cast<int>(n)), name);
          m != kNone)
        found.push_back(m);
  return found;
}

} // namespace gordian::link
