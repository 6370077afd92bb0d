// SPDX-License-Identifier: MIT
//
// Objects that a function keeps to itself: local variables whose address goes nowhere but to calls that give
// it back. Followed through references, pointers and closures in local variables, and through the bodies of
// callees; what is stored in memory of others, given to a thread, to code without a body or to unknown
// callables, escapes. No other thread meets such an object, and no pointer from elsewhere means it.
#ifndef GORDIAN_SOURCE_LINK_FACTS_LOCAL_ESCAPE_H
#define GORDIAN_SOURCE_LINK_FACTS_LOCAL_ESCAPE_H

#include "source/link/summary/context.h"

#include <map>

namespace gordian::link {

class LocalEscape {
public:
  explicit LocalEscape(const Context &c) : context(c) {}

  bool isPrivate(FunctionId f, uint32_t local);

private:
  const Context &context;
  std::map<std::pair<FunctionId, uint32_t>, bool> known;
};

} // namespace gordian::link

#endif
