// SPDX-License-Identifier: MIT
#include "hooks/holders.h"

#include "trace/writer.h"

namespace gordian::runtime {

using namespace gordian::trace;

constinit bool placesUsable = false;

namespace {

struct Search {
  const void *address;
  ThreadState *holder = nullptr;
  HeldEntry *entry = nullptr;
};

} // namespace

ThreadState *holderOf(const void *address, HeldEntry *&entry) {
  Search search = {address};
  // Reading the stacks of running threads: an entry may be half written, so its fields are only taken as
  // hints.
  forEachThread(
      [](ThreadState *t, void *data) {
        auto *s = static_cast<Search *>(data);
        s->entry = findHeld(t, s->address);
        s->holder = s->entry ? t : nullptr;
        return !s->entry;
      },
      &search);
  entry = search.entry;
  return search.holder;
}

void reportForeignRelease(ThreadState *t, const void *address, Ref lock, uint32_t ownerTid, bool taken,
                          CallPoint at, uint64_t site) {
  // Held according to the lock, but acquired where no hook saw it (before the start, inside the C library):
  // nothing is wrong.
  if (taken && ownerTid == t->tid)
    return;
  Recording r(t);
  if (!r)
    return;
  MisuseFacts facts = {taken ? MisuseKind::ReleaseOther : MisuseKind::ReleaseNotHeld};
  facts.lock = lock;
  if (t->top()[1].address == address)
    facts.earlierRelease = t->lastReleasePc;
  HeldEntry *entry = nullptr;
  if (ThreadState *holder = taken ? holderOf(address, entry) : nullptr) {
    facts.other = holder->index;
    facts.node = entry->node;
    forgetLater(holder, address);
  }
  setLockState(lock, kLockReleasedByOther);
  recordMisuse(r, facts, at, site);
}

void reportDestroyHeld(ThreadState *t, const void *address, Ref lock, uint32_t ownerTid, CallPoint at) {
  Recording r(t);
  if (!r)
    return;
  MisuseFacts facts = {MisuseKind::DestroyHeld};
  facts.lock = lock;
  HeldEntry *entry = nullptr;
  if (ThreadState *holder = holderOf(address, entry)) {
    facts.other = holder->index;
    facts.node = holder == t ? nodeOf(r, entry) : entry->node;
    holder == t ? removeHeld(t, entry) : forgetLater(holder, address);
  } else if (ownerTid == 0) {
    return;
  }
  recordMisuse(r, facts, at, callKey(at, t->stack));
}

} // namespace gordian::runtime
