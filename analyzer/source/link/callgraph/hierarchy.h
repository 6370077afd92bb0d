// SPDX-License-Identifier: MIT
//
// Which bodies a virtual call can reach: class hierarchy cut to the classes that the program constructs
// (rapid type analysis, Bacon and Sweeney, OOPSLA 1996). A class counts as constructed if a constructor of it
// is called or an object of it is declared or allocated. Where nothing that fits is constructed (an interface
// of a library), all overriders are taken. Errs: objects made by code that was not analysed are missed.
#ifndef GORDIAN_SOURCE_LINK_CALLGRAPH_HIERARCHY_H
#define GORDIAN_SOURCE_LINK_CALLGRAPH_HIERARCHY_H

#include "source/link/program/program.h"

#include <mutex>
#include <unordered_map>
#include <vector>

namespace gordian::link {

class Hierarchy {
public:
  explicit Hierarchy(const Program &program);

  /// Bodies that a virtual call of `method` can reach, in the order of the function numbers.
  const std::vector<FunctionId> &targets(FunctionId method) const;
  /// The body that it reaches in an object that is exactly of class `c`; kNone if there is none.
  FunctionId targetIn(ClassId c, FunctionId method) const;
  /// The methods of a class.
  const std::vector<FunctionId> &methods(ClassId c) const { return classMethods[c]; }
  /// The call operator of a closure or functor class: its only one that has a body; kNone if there is none.
  FunctionId callOperator(ClassId c) const;

private:
  void collect();
  void noteType(UnitId u, ir::Id type);
  bool overridesMethod(FunctionId m, FunctionId base, unsigned depth = 0) const;
  void collectDerived(ClassId c, std::vector<ClassId> &out) const;

  const Program &program;
  std::vector<std::vector<FunctionId>> classMethods;
  std::vector<std::vector<ClassId>> derived;
  std::vector<bool> constructed;
  mutable std::mutex lock; // of the cache: threads ask
  mutable std::unordered_map<FunctionId, std::vector<FunctionId>> cache;
};

} // namespace gordian::link

#endif
