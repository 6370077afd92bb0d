// SPDX-License-Identifier: MIT
//
// Happens-before: epochs, and the edges between them (trace/format.h, "Threads and epochs").
//
// A thread's epoch moves only where it must, so that a program that hands work around without nesting locks
// writes nothing:
//   publish  another thread may come to know this epoch. What is recorded afterwards must lie in a later one.
//   absorb   this thread comes to know another one's epoch: an OrderRecord, and what follows lies in a new
//   epoch. markDirty  something is recorded in this epoch. If it was published meanwhile, a new one begins
//   first.
// The cache of a thread (chains.h) holds entries of the current epoch only if it is dirty, so a published
// clean epoch can wait for the next recording.
//
// Monitors. A mutex that is passed to a condition wait, or that a notifier holds or has released last when it
// notifies, hands something over; its release is ordered before its next acquisition. Without that, a
// hand-off whose waiter came late, and so never waited, is a false report that comes and goes with the
// schedule. Critical sections from before the mutex was known as one leave nodes without kNodeMonitor: they
// come before the epoch in which it became known. Nobody whose past (of any thread) holds nested locks:
// nothing to hand over, nothing is written.
//
// Semaphores. A wait comes after the post whose unit it takes, oldest unit first. A unit that its taker gives
// back keeps where it came from: a pool of resources, or a semaphore used as a lock, orders nothing; a
// turnstile passes on what opened it.
#ifndef GORDIAN_TRACE_ORDER_H
#define GORDIAN_TRACE_ORDER_H

#include "trace/objects.h"

namespace gordian::runtime {

/// What a publisher leaves behind.
struct Published {
  trace::ThreadIndex thread;
  trace::Epoch epoch;
};

Published publish(ThreadState *t);
void markDirty(ThreadState *t);

/// What follows lies in an epoch of its own.
void beginEpoch(ThreadState *t);

/// Has any thread nested locks so far?
extern bool nestedAnywhere;

/// An edge into `t`. `budget` (null: unlimited) counts the edges spent on one object; beyond a share an
/// OrderGap is written once and no more edges.
void absorb(ThreadState *t, trace::OrderKind kind, trace::Ref object, trace::ThreadIndex peer,
            trace::Epoch epoch, bool nestedPast, uint32_t *budget);

/// At an object: leave or take what the last one left. For conditions, events, futexes, once.
void publishAt(ThreadState *t, Object *o);
void absorbFrom(ThreadState *t, trace::OrderKind kind, Object *o);

/// A unit is posted or taken. Not of a semaphore that counts as a lock: it has one unit, which its holder
/// gives back, and orders nothing.
void postUnit(ThreadState *t, Object *o);
void takeUnit(ThreadState *t, Object *o);

/// The thread has a unit to give back.
void keepUnit(ThreadState *t, SemaphoreUnit unit);

/// Barrier: `arrive` before the wait, giving the round; `leave` after it.
uint32_t arrive(ThreadState *t, Object *o, uint32_t count);
void leave(ThreadState *t, Object *o, uint32_t round);

/// A channel (pipe, pair of sockets, eventfd, signals): who receives comes after all who have sent so far,
/// which may be more than what is received (may miss).
void send(ThreadState *t, Object *o);
void receive(ThreadState *t, Object *o);

/// The process has ended, and the thread knows it.
void receiveFromProcess(ThreadState *t, uint32_t pid);

} // namespace gordian::runtime

#endif
