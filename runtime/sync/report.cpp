// SPDX-License-Identifier: MIT
#include "sync/report.h"

#include <cstring>
#include <dlfcn.h>

// Weak, so that a static executable, which can have no runtime preloaded, needs no dynamic loader.
extern "C" void *dlsym(void *, const char *) noexcept __attribute__((weak));

namespace gordian::report {

namespace {

struct Functions {
  decltype(&gordian_lock_create) lockCreate = nullptr;
  decltype(&gordian_lock_destroy) lockDestroy = nullptr;
  decltype(&gordian_acquire_begin) acquireBegin = nullptr;
  decltype(&gordian_acquire_end) acquireEnd = nullptr;
  decltype(&gordian_release) release = nullptr;
  decltype(&gordian_release_all) releaseAll = nullptr;
  decltype(&gordian_restore) restore = nullptr;
  decltype(&gordian_wait_begin) waitBegin = nullptr;
  decltype(&gordian_wait_end) waitEnd = nullptr;
  decltype(&gordian_notify) notify = nullptr;
  decltype(&gordian_happens_after) happensAfter = nullptr;
  decltype(&gordian_thread_name) threadName = nullptr;
};

template <class Function>
bool find(Function &function, const char *name) {
  function = dlsym ? reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name)) : nullptr;
  return function != nullptr;
}

/// All of them or none: a runtime that knows only some is not one that this library can talk to.
Functions lookUp() {
  Functions f;
  const bool all = find(f.lockCreate, "gordian_lock_create") && find(f.lockDestroy, "gordian_lock_destroy") &&
                   find(f.acquireBegin, "gordian_acquire_begin") &&
                   find(f.acquireEnd, "gordian_acquire_end") && find(f.release, "gordian_release") &&
                   find(f.releaseAll, "gordian_release_all") && find(f.restore, "gordian_restore") &&
                   find(f.waitBegin, "gordian_wait_begin") && find(f.waitEnd, "gordian_wait_end") &&
                   find(f.notify, "gordian_notify") && find(f.happensAfter, "gordian_happens_after") &&
                   find(f.threadName, "gordian_thread_name");
  listening.store(all, std::memory_order_relaxed);
  return all ? f : Functions();
}

const Functions &runtime() {
  static const Functions functions = lookUp();
  return functions;
}

/// annotate.h's {file, line, function}.
struct Spot {
  const char *file;
  int line;
  const char *function;
};

/// The source line, or nothing where it lies in a standard header.
Spot spot(const Place &place) {
  const char *file = place.file_name();
  if (strncmp(file, "/usr/", 5) == 0 && strstr(file, "/include/c++/"))
    return {nullptr, 0, nullptr};
  return {file, int(place.line()), place.function_name()};
}

} // namespace

void tellCreated(const void *object, int kind, const char *name) {
  if (auto tell = runtime().lockCreate)
    tell(object, kind, name);
}

void tellDestroyed(const void *object) {
  if (auto tell = runtime().lockDestroy)
    tell(object);
}

void tellRequest(const void *lock, int kind, int flags, const Place &place) {
  const Spot at = spot(place);
  if (auto tell = runtime().acquireBegin)
    tell(lock, kind, GORDIAN_EXCLUSIVE, flags, at.file, at.line, at.function);
}

void tellAcquired(const void *lock, bool acquired) {
  if (auto tell = runtime().acquireEnd)
    tell(lock, acquired);
}

void tellRelease(const void *lock, const Place &place) {
  const Spot at = spot(place);
  if (auto tell = runtime().release)
    tell(lock, at.file, at.line, at.function);
}

int tellReleaseAll(const void *lock, const Place &place) {
  const Spot at = spot(place);
  auto tell = runtime().releaseAll;
  return tell ? tell(lock, at.file, at.line, at.function) : 0;
}

void tellRestored(const void *lock, int levels, const Place &place) {
  const Spot at = spot(place);
  if (auto tell = runtime().restore)
    tell(lock, levels, at.file, at.line, at.function);
}

void tellWait(const void *object, int kind, const void *lock, int flags, const Place &place) {
  const Spot at = spot(place);
  if (auto tell = runtime().waitBegin)
    tell(object, kind, lock, flags, at.file, at.line, at.function);
}

void tellWaited(const void *object, bool woken) {
  if (auto tell = runtime().waitEnd)
    tell(object, woken);
}

void tellNotify(const void *object, int kind, bool all, const Place &place) {
  const Spot at = spot(place);
  if (auto tell = runtime().notify)
    tell(object, kind, all, at.file, at.line, at.function);
}

void tellObserved(const void *object) {
  if (auto tell = runtime().happensAfter)
    tell(object);
}

void tellThreadName(const char *name) {
  if (auto tell = runtime().threadName)
    tell(name);
}

} // namespace gordian::report
