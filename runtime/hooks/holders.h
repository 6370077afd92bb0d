// SPDX-License-Identifier: MIT
//
// Releases by threads that do not hold the lock, and locks destroyed while held: who does hold it is looked
// up here.
#ifndef GORDIAN_HOOKS_HOLDERS_H
#define GORDIAN_HOOKS_HOLDERS_H

#include "trace/chains.h"

namespace gordian::runtime {

/// False: glibc's layout is not the expected one, or the user forbids it; all identities are in the side
/// table.
extern bool placesUsable;

/// `t` releases what it does not hold. `ownerTid`: who holds it according to the lock itself (0: unknown or
/// nobody); `taken`: somebody does.
void reportForeignRelease(ThreadState *t, const void *address, trace::Ref lock, uint32_t ownerTid, bool taken,
                          CallPoint at, uint64_t site);

void reportDestroyHeld(ThreadState *t, const void *address, trace::Ref lock, uint32_t ownerTid, CallPoint at);

/// The thread whose held stack has the object; null: none.
ThreadState *holderOf(const void *address, HeldEntry *&entry);

} // namespace gordian::runtime

#endif
