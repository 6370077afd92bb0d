// SPDX-License-Identifier: MIT
//
// Memory of a state: what is known to be stored where, and when a read may give another value than before.
//
// A write is remembered under its address. A read of an address that was not written here is Load(address,
// version); two reads of one address are equal unless something in between may have written it: a call whose
// write set (callgraph/writes.h) has the field or global (hard), another thread after a lock was acquired
// (soft), the other rounds of a loop. Fields that only constructors write, and locals whose address stays
// here, keep version 0.
//
// Errs: two addresses with different bases are taken to be different objects, except that a write to a field
// makes what was stored to the same field of other objects unknown (may miss, may cry wolf: both rarely).
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_MEMORY_H
#define GORDIAN_SOURCE_LINK_SUMMARY_MEMORY_H

#include "source/link/summary/context.h"

namespace gordian::link {

class Memory {
public:
  Memory(Context &c, const Frame &f) : context(c), frame(f), syms(c.syms) {}

  Sym read(const State &s, Sym address) const;
  void write(State &s, Sym address, Sym value, uint32_t site) const;
  /// The stored value, kNoSym if none is known.
  static Sym stored(const State &s, Sym address);
  static void store(State &s, Sym address, Sym value);
  static void erase(State &s, Sym address);
  /// Everything that is known of the parts of the object at `address`; itself included.
  void forget(State &s, Sym address) const;
  /// Makes what is known of the parts of `from` known of `to` (an object is copied or moved).
  void copyObject(State &s, Sym to, Sym from) const;
  void clobber(State &s, uint32_t site, const WriteSet *writes, bool soft, bool byCall = false,
               const WriteSet *own = nullptr) const;
  /// Whether a clobber by `writes` (null: by anyone) changes what `address` holds.
  bool affects(const WriteSet *writes, Sym address) const;
  /// The version at which a read of `address` happens after the first `count` clobbers.
  uint32_t versionOf(const State &s, Sym address, size_t count) const;
  bool isWithin(Sym address, Sym object) const;
  /// The field, global or "some scalar" that an address lies in.
  static WriteKey keyOf(const Symbols &syms, Sym address);

private:
  Context &context;
  const Frame &frame;
  Symbols &syms;
};

} // namespace gordian::link

#endif
