// SPDX-License-Identifier: MIT
//
// What the text of a function says against a lock's being held at a place of it, where the analysis has lost
// the condition that tells. Two shapes:
//
//   if (a) lock(m); else ...;          and later          if (b) lock(n);
//
// That a and b both hold is one path of the text; whether its authors know that they exclude each other,
// nothing shows. The two are taken to belong together where they test the same variable, or where the second
// place uses what the first one has tested.
//
//   if (a) lock(m); ... if (a) unlock(m); ... lock(n);
//
// Every way from the lock on leads past a release of it, or past the test of the same variables that the
// release depends on: that it is held still is a value that was forgotten in between.
#ifndef GORDIAN_SOURCE_LINK_FACTS_LOST_CONDITIONS_H
#define GORDIAN_SOURCE_LINK_FACTS_LOST_CONDITIONS_H

#include "source/link/summary/context.h"

#include <map>
#include <memory>
#include <vector>

namespace gordian::link {

class LostConditions {
public:
  explicit LostConditions(const Context &c);
  ~LostConditions();

  /// Whether what was acquired at `taken` is held at `later` only where two conditions meet. `others`: all
  /// places of the function that acquire it.
  bool areApart(FunctionId f, uint32_t taken, const std::vector<uint32_t> &others, uint32_t later);
  /// Whether all ways from `taken` to `later` lead past one of `releases`, and past none of `others` before.
  bool isGivenBack(FunctionId f, uint32_t taken, const std::vector<uint32_t> &others,
                   const std::vector<uint32_t> &releases, uint32_t later);

private:
  class Code;
  Code &codeOf(FunctionId f);

  const Context &context;
  std::map<FunctionId, std::unique_ptr<Code>> known;
};

} // namespace gordian::link

#endif
