// SPDX-License-Identifier: MIT
//
// Objects that a function has made itself: by new, or by a callee. A function that destroys such an object
// again, as error paths do, and that runs no thread meanwhile, has shown it to nobody: nobody else can hold
// the object's locks or be awaited by its destructor.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_MADE_HERE_H
#define GORDIAN_SOURCE_LINK_SUMMARY_MADE_HERE_H

#include "source/link/summary/context.h"

namespace gordian::link {

class MadeHere {
public:
  MadeHere(const Symbols &s, FunctionId f, const ir::Function &body) : syms(s), id(f), ir(body) {}

  /// `object` was made by this function, on whichever path.
  bool has(Sym object) const;
  /// It is `object`, a part of it, or something that hangs off it: perhaps through what its constructor made.
  bool hangsOff(Sym path, Sym object) const;

private:
  bool holdsOnlyNew(uint32_t local) const;

  const Symbols &syms;
  FunctionId id;
  const ir::Function &ir;
};

} // namespace gordian::link

#endif
