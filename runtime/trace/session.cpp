// SPDX-License-Identifier: MIT
#include "trace/session.h"

#include "core/arena.h"
#include "core/check.h"
#include "core/flags.h"
#include "core/modules.h"
#include "core/print.h"
#include "trace/chains.h"
#include "trace/contexts.h"
#include "trace/objects.h"
#include "trace/order.h"
#include "trace/writer.h"

#include <cstring>

namespace gordian::runtime {

using namespace gordian::trace;

void (*watchThreadEnd)(ThreadState *t) = nullptr;
void (*forgetInChild)() = nullptr;

namespace {
constinit uint32_t noMark = 1;
} // namespace
constinit uint32_t *forkMark = &noMark;

namespace {

constinit FutexLock openLock;
constinit bool sessionOpen = false;     // the file, and all that goes with it
constinit FileHeader parentHeader = {}; // of the process that forked this one
constinit Published forking = {};       // what the forking thread did so far comes before the child
constinit ThreadIndex forkThread = 0;
constinit Epoch forkEpoch = 0;

void writeModule(const Module &m, bool loaded) {
  if (!traceFile.isOpen())
    return;
  auto *r = reserveRecord<ModuleRecord>(0, 0, true);
  if (!r) {
    traceFile.drop(kDroppedModules, kIncompleteModules);
    return;
  }
  r->generation = loaded ? m.loaded : m.unloaded;
  r->base = m.base;
  r->begin = m.begin;
  r->end = m.end;
  r->path = writeString(m.path, strlen(m.path));
  r->buildIdSize = m.buildIdSize;
  memcpy(r->buildId, m.buildId, sizeof(r->buildId));
  TraceFile::commit(r, RecordKind::Module, loaded ? 0 : 1);
  traceFile.header().moduleGeneration = moduleGeneration();
}

} // namespace

bool openSession() {
  if (forkedUnseen())
    forkSession(hot.state);
  if (__atomic_load_n(&sessionOpen, __ATOMIC_ACQUIRE))
    return true;
  Locked locked(openLock);
  if (!locked || !recording)
    return false;
  if (sessionOpen)
    return true;
  if (!traceFile.open(parentHeader.magic ? &parentHeader : nullptr)) {
    __atomic_store_n(&recording, false, __ATOMIC_RELAXED);
    return false;
  }
  if (auto *mark = forkMark == &noMark ? static_cast<uint32_t *>(mapForkMark()) : nullptr) {
    *mark = 1;
    __atomic_store_n(&forkMark, mark, __ATOMIC_RELEASE);
  }
  FileHeader &h = traceFile.header();
  h.forkThread = forkThread;
  h.forkEpoch = forkEpoch;
  placeNonce = uint32_t(h.nonce ^ (h.nonce >> 32));
  if (moduleGeneration() == 0)
    readModules(writeModule);
  else
    tellModules(writeModule);
  __atomic_store_n(&sessionOpen, true, __ATOMIC_RELEASE);
  return true;
}

void rereadModules() {
  if (traceFile.isOpen() && recording)
    readModules(writeModule);
}

namespace {

/// In the order in which they are taken.
FutexLock *const forkLocks[] = {&openLock,    &threadsLock, &contextsLock, &objectsLock,
                                &modulesLock, &growLock,    &arenaLock};

} // namespace

void holdForFork() {
  forking = hot.state ? publish(hot.state) : Published{0, 0};
  for (FutexLock *lock : forkLocks)
    lock->lock();
}

void releaseAfterFork() {
  for (FutexLock *lock : forkLocks)
    lock->unlock();
}

void forkSession(ThreadState *t) {
  *forkMark = 1;
  sessionOpen = false;
  for (FutexLock *lock : forkLocks)
    lock->reset();
  if (traceFile.isOpen()) {
    memcpy(&parentHeader, &traceFile.header(), sizeof(parentHeader));
    forkThread = forking.thread;
    forkEpoch = forking.epoch;
    if (t)
      unfoldHeld(t);
    traceFile.forget();
    // Identities in locks are those of the parent's file: with another nonce none of them is valid here.
    placeNonce = ~placeNonce;
  }
  forgetContexts();
  forgetObjects();
  keepOnly(t);
  forking = {0, 0};
  if (forgetInChild)
    forgetInChild();
}

void endSession(EndState how, int status) {
  if (!traceFile.isOpen() || traceFile.header().pid != processId()) // a vfork child shares our memory
    return;
  FileHeader &h = traceFile.header();
  if (auto *r = reserveRecord<EndRecord>(0, 0, true)) {
    r->thread = hot.state ? hot.state->index : 0;
    r->time = monotonicNow();
    TraceFile::commit(r, RecordKind::End);
  }
  h.exitStatus = status;
  h.endMonotonic = monotonicNow();
  __atomic_store_n(&h.endState, uint32_t(how), __ATOMIC_RELEASE);
  __atomic_fetch_add(&h.wake, 1, __ATOMIC_RELEASE);
  futexWakeShared(&h.wake, INT32_MAX);
  if (options.verbosity >= 2) {
    Line line;
    line.text("gordian: process ").decimal(h.pid).text(": ").decimal(h.chunks).text(" chunks, dropped");
    for (uint64_t dropped : h.dropped)
      line.text(" ").decimal(dropped);
    line.print();
  }
}

void resumeSession() {
  if (traceFile.isOpen() && traceFile.header().pid == processId())
    __atomic_store_n(&traceFile.header().endState, uint32_t(EndState::Running), __ATOMIC_RELEASE);
}

} // namespace gordian::runtime
