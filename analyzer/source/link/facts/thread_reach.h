// SPDX-License-Identifier: MIT
//
// Which functions a thread that the program starts runs for sure: those within a few calls of its first one.
// The further away a function is, the likelier a state that decides about the way (an operation's code, a
// flag, a handler that is registered elsewhere) keeps this thread from it; and behind a function pointer that
// may mean several functions only some of them are this thread's. What the first function itself dispatches
// to is its purpose and counts. Errs: may miss, where a thread's work lies deep.
#ifndef GORDIAN_SOURCE_LINK_FACTS_THREAD_REACH_H
#define GORDIAN_SOURCE_LINK_FACTS_THREAD_REACH_H

#include "source/link/facts/contexts.h"
#include "source/link/facts/pointer_calls.h"

namespace gordian::link {

class ThreadReach {
public:
  ThreadReach(const Context &c, const Contexts &all, const PointerCalls &pointers);
  bool isNear(FunctionId f) const { return near[f]; }

private:
  std::vector<bool> near;
};

} // namespace gordian::link

#endif
