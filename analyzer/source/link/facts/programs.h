// SPDX-License-Identifier: MIT
//
// Which programs a function takes part in, where several units have a main: one compile_commands.json speaks
// of a server, its tools and their tests, and a library that all of them link. What happens in the server
// only does not happen beside what happens in a tool only.
//
//   - A unit belongs to the programs whose main's unit needs it, by the functions and variables that it uses,
//     directly or not; one that no main needs belongs to all (plugins, objects that register themselves).
//   - A function takes part in the programs whose main reaches it by calls and threads; what is called from
//     outside (address taken) in those that its unit belongs to; what nobody calls in none of them, but in
//     one more: that of code which is not here.
// More than a few dozen programs are not told apart.
// Errs: may miss, where units find each other by means other than names (dlopen between two of the programs).
#ifndef GORDIAN_SOURCE_LINK_FACTS_PROGRAMS_H
#define GORDIAN_SOURCE_LINK_FACTS_PROGRAMS_H

#include "source/link/summary/context.h"

namespace gordian::link {

/// Calls, the first ones first: in which function, and where.
using CallPath = std::vector<std::pair<FunctionId, uint32_t>>;

class Programs {
public:
  /// A bit for each main, the first for code that is not here. 0: not told apart.
  using Set = uint64_t;

  explicit Programs(const Context &c);
  enum class Start { Main, Outside, Nobody };
  void start(FunctionId f, Start how);
  /// Follows calls and threads from what was started.
  void spread();

  Set of(FunctionId f) const { return sets[f]; }
  /// Whether one program may hold both.
  static bool share(Set a, Set b) { return !a || !b || (a & b); }

private:
  void linkUnits();
  void add(FunctionId f, Set more);

  const Context &context;
  std::vector<FunctionId> mains;
  std::vector<Set> units, sets; // by unit, by function
  std::vector<FunctionId> work;
};

} // namespace gordian::link

#endif
