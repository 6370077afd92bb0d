// SPDX-License-Identifier: MIT
//
// Spin locks made by hand of an atomic variable: some loop sets it until it finds that it was not set, and
// somebody writes zero to it. Such a variable is a lock: setting it takes the lock if the result says so,
// writing zero gives it back. Known by field or global. Errs: a variable that only a pointer to it names is
// missed; tickets, counters and bits among others are none.
#ifndef GORDIAN_SOURCE_LINK_CALLGRAPH_SPIN_LOCKS_H
#define GORDIAN_SOURCE_LINK_CALLGRAPH_SPIN_LOCKS_H

#include "source/link/callgraph/writes.h"

#include <unordered_set>

namespace gordian::link {

class SpinLocks {
public:
  explicit SpinLocks(const Program &program);

  bool has(WriteKey k) const { return locks.count(k) != 0; }
  /// Whether a loop goes on until this instruction has taken the lock.
  bool waits(const ir::Inst &i) const { return waiting.count(&i) != 0; }
  /// What an instruction does to the variable if it is a lock.
  static bool takes(const ir::Inst &i);
  static bool gives(const ir::Inst &i);

private:
  std::unordered_set<WriteKey> locks;
  std::unordered_set<const ir::Inst *> waiting;
};

} // namespace gordian::link

#endif
