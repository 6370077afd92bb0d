// SPDX-License-Identifier: MIT
//
// From paths to names: which lock, condition or variable a path means for the whole program.
//
// A path ends in an object and the fields that lead from it to the lock. If the object is a variable with a
// name, the path has a name of its own (specific); if there are fields, it also has the name of its class
// (generic): `Cache::mutex_` of any Cache. Where code reaches a lock through a pointer to an object that may
// be any, only the generic name is known. A specific name counts as its generic one as soon as anyone uses
// the generic one, so that both kinds of code speak of one lock. A path that ends in something opaque (what
// an unknown function returned) has no name, and nothing is said of it.
//
// Of a class with one object (sole_objects.h) every object is that one. Captured variables are looked
// through: a closure class is made in one place, so what its fields hold is known.
#ifndef GORDIAN_SOURCE_LINK_FACTS_IDENTITY_H
#define GORDIAN_SOURCE_LINK_FACTS_IDENTITY_H

#include "source/link/facts/sole_objects.h"
#include "source/link/summary/context.h"

#include <optional>
#include <string>
#include <unordered_map>

namespace gordian::link {

using NameId = uint32_t;

struct Name {
  std::string key, text, type;
  std::string owner;  // class whose objects carry it
  std::string fields; // from the object on
  Location declaration;
  NameId generic = kNone; // of a specific name: the generic one
  bool many = false;      // stands for several objects
  bool isSystem = false, isConst = false, isAtomic = false, threadLocal = false, isSync = false;
  FunctionId localOf = kNone; // a variable of this function, a part of it, or what it points to
  uint32_t local = kNone;     // a variable or a part of it: its number
  bool enclosed = false;      // code outside the program cannot name it
  WriteKey handMade = 0;      // a spin lock made by hand: its variable
  bool usedGeneric = false;   // generic names: somebody knows no better
};

struct Named {
  NameId name = kNone; // the most specific one
  Sym object = kNoSym; // which object carries it, in the frame of the fact
  Sym path = kNoSym;   // resolved
};

class Identity {
public:
  explicit Identity(Context &c) : context(c), syms(c.syms), sole(soleObjects(c.program)) {}

  /// `path` in the frame of `f`. `counts`: it is used for a fact, and its generic name is then in use.
  Named of(Sym path, FunctionId f, bool counts = true);
  /// Captured variables replaced by what they are, reads at one version.
  Sym resolved(Sym path, FunctionId f);
  const Name &name(NameId n) const { return names[n]; }
  size_t count() const { return names.size(); }
  /// Whether `path` is a part of an object whose class has no other.
  bool isSole(Sym path) const;
  /// The container that an object which the library gave belongs to, without versions; kNoSym: none.
  Sym containerOf(Sym object) const;
  /// A parameter of `f` that closures made there capture, as those mean it; kNoSym: they do not.
  Sym asCaptured(Sym value, FunctionId f);
  /// What a closure captured of its maker's parameters.
  bool isOfMaker(Sym path) const {
    const SymNode n = syms.node(syms.rootOf(path));
    return n.kind == SymKind::FromCall && n.b == (kHeadSite | 3);
  }
  /// Whether `path` is reached through a closure that its owner keeps in a field of its own: the object whose
  /// field it is calls back into itself.
  bool isCalledBack(Sym path) const { return callOwner(path) != kNoSym; }
  /// The name that counts in the end.
  NameId finalName(NameId n) const;

private:
  NameId nameOf(Sym path);
  NameId rootName(Sym root);
  NameId add(Name n);
  Name fieldName(Sym path, Sym object) const;
  void describeType(Name &n, UnitId u, ir::Id type) const;
  Sym looked(Sym s, FunctionId f, unsigned depth);
  Sym inMakersFrame(Sym s, FunctionId maker);
  Sym callOwner(Sym path) const;
  Sym ownerOfCapture(Sym address, const Capture &capture) const;

  Context &context;
  Symbols &syms;
  std::unordered_map<ClassId, SoleObject> sole;
  std::vector<Name> names;
  std::unordered_map<std::string, NameId> byKey;
  std::unordered_map<Sym, NameId> byPath;
  std::unordered_map<uint64_t, Sym> cache;
};

} // namespace gordian::link

#endif
