// SPDX-License-Identifier: MIT
//
// What a function may write, with everything that it calls: fields (of any object), globals. Type-based and
// flow-insensitive, in one pass over the components of the call graph, callees first. Functions without a
// body write nothing but what their pointer arguments point to, which the caller sees; indirect calls count
// by their known targets. Errs: writes through pointers to scalars count as one cell, writes by unknown code
// are missed.
#ifndef GORDIAN_SOURCE_LINK_CALLGRAPH_WRITES_H
#define GORDIAN_SOURCE_LINK_CALLGRAPH_WRITES_H

#include "source/link/callgraph/call_graph.h"

#include <unordered_set>

namespace gordian::link {

/// A field, a global, or what scalar pointers point to.
using WriteKey = uint64_t;
constexpr WriteKey kScalarTarget = uint64_t(3) << 62;
inline WriteKey fieldKey(ClassId c, uint32_t number) {
  return uint64_t(1) << 62 | uint64_t(c) << 24 | number;
}
inline WriteKey globalKey(GlobalId g) {
  return uint64_t(2) << 62 | g;
}

struct WriteSet {
  bool all = false;
  std::vector<WriteKey> keys; // sorted
  bool has(WriteKey k) const;
  bool empty() const { return !all && keys.empty(); }
};

class Writes {
public:
  Writes(const Program &program, const CallGraph &graph);
  const WriteSet &of(FunctionId f) const { return sets[index[f]]; }
  /// Whether anything but a constructor (of a field), the making of a closure or an initialiser (of a global)
  /// writes it.
  bool changes(WriteKey k) const { return changing.count(k) != 0; }

private:
  void collect(FunctionId f, WriteSet &into);
  const Program &program;
  std::vector<WriteSet> sets;
  std::vector<uint32_t> index; // by function; a component shares one set, 0 is empty
  std::unordered_set<WriteKey> changing;
};

} // namespace gordian::link

#endif
