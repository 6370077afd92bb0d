// SPDX-License-Identifier: MIT
//
// Which functions a function pointer or a callable can be. Inclusion constraints over cells (Andersen's
// analysis, restricted to function constants and closures, field-based and flow-insensitive): a cell is a
// local, global, parameter, result, value, or a field of a class in all its objects. What is stored to a cell
// flows to what is loaded from it. The address of a cell counts as the cell, so that callables that are
// passed by reference arrive. Errs: objects of one class share their fields (may cry wolf: the checks rank
// several targets lower); what flows through untyped memory or unknown code is missed.
#ifndef GORDIAN_SOURCE_LINK_CALLGRAPH_FUNCTION_FLOW_H
#define GORDIAN_SOURCE_LINK_CALLGRAPH_FUNCTION_FLOW_H

#include "source/link/callgraph/hierarchy.h"
#include "source/link/program/program.h"

#include <unordered_map>
#include <vector>

namespace gordian::link {

class FunctionFlow {
public:
  FunctionFlow(const Program &program, const Hierarchy &hierarchy);

  /// Functions that operand `o` of `f` may be, or hold, sorted.
  const std::vector<FunctionId> &targets(FunctionId f, const ir::Operand &o) const;
  /// Functions whose address is taken somewhere.
  const std::vector<bool> &addressTaken() const { return taken; }

private:
  using Cell = uint32_t;

  void layOut();
  void addFunction(FunctionId f);
  void addInst(FunctionId f, const ir::Inst &i);
  void addCall(FunctionId f, const ir::Inst &i);
  bool isReference(const FunctionEntry &e) const;
  void addGlobals();
  void edge(Cell from, Cell to);
  void source(Cell to, FunctionId target);
  void propagate();
  std::vector<bool> floodFull(const std::vector<uint32_t> &first) const;

  Cell cellOf(FunctionId f, const ir::Path &p) const;
  Cell cellOf(FunctionId f, const ir::Operand &o) const;
  Cell fieldCell(ClassId c, uint32_t number) const;
  Cell resultCell(FunctionId f) const { return base[f]; }
  Cell paramCell(FunctionId f, uint32_t n) const;
  Cell valueCell(FunctionId f, uint32_t v) const;
  Cell localCell(FunctionId f, uint32_t l) const;
  void flow(FunctionId f, const ir::Operand &from, Cell to);
  ClassId closureClass(FunctionId f, const ir::Path &p) const;

  const Program &program;
  const Hierarchy &hierarchy;
  std::vector<Cell> base;      // by function: result, parameters, locals, values
  std::vector<Cell> fieldBase; // by class
  Cell globalBase = 0, cellCount = 0;
  std::vector<std::pair<Cell, Cell>> edges;
  std::vector<std::pair<Cell, FunctionId>> sources;
  std::unordered_map<Cell, std::vector<FunctionId>> sets;
  std::vector<bool> taken;
};

} // namespace gordian::link

#endif
