// SPDX-License-Identifier: MIT
//
// Classes of which the program has one object: singletons. A method's `this` and what instance() returns are
// then one object, so their locks are one lock. A class counts if a single variable of static storage, or of
// main, has its type, nothing else is made of it (no local, member, element, base, new), and code outside the
// program cannot make one: the constructor is not public, or the program has a main. C structs are left out:
// memory of unknown type becomes one. Errs: may cry wolf where a library's template makes objects of the
// class under another name.
#ifndef GORDIAN_SOURCE_LINK_FACTS_SOLE_OBJECTS_H
#define GORDIAN_SOURCE_LINK_FACTS_SOLE_OBJECTS_H

#include "source/link/program/program.h"

#include <unordered_map>

namespace gordian::link {

/// Where the one object is: a global, or a local of main.
struct SoleObject {
  GlobalId global = kNone;
  FunctionId function = kNone;
  uint32_t local = 0;
};

std::unordered_map<ClassId, SoleObject> soleObjects(const Program &program);

} // namespace gordian::link

#endif
