// SPDX-License-Identifier: MIT
#include "core/modules.h"

#include "core/arena.h"
#include "core/print.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>

// glibc 2.35 has it; on 2.34 modules that the C library opens by itself stay unknown until the next dlopen.
extern "C" int _dl_find_object(void *, struct dl_find_object *) noexcept __attribute__((weak));

namespace gordian::runtime {

constinit FutexLock modulesLock;

namespace {

constexpr uint32_t kMaxModules = 4096;

constinit Module *table[kMaxModules] = {};
constinit uint32_t tableSize = 0;
constinit uint32_t generation = 0;
constinit ModuleSink sinkForStrays = nullptr;

/// What dl_iterate_phdr says of one module.
struct Seen {
  uintptr_t base, begin, end;
  const uint8_t *unwindTable;
  const char *name;
  const uint8_t *buildId;
  uint32_t buildIdSize;
};

void readNotes(const uint8_t *p, size_t size, Seen &seen) {
  const uint8_t *end = p + size;
  while (size_t(end - p) >= sizeof(ElfW(Nhdr))) {
    const auto *note = reinterpret_cast<const ElfW(Nhdr) *>(p);
    const uint8_t *name = p + sizeof(*note);
    const uint8_t *content = name + ((note->n_namesz + 3u) & ~3u);
    const uint8_t *next = content + ((note->n_descsz + 3u) & ~3u);
    if (next > end || next <= p)
      return;
    if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(name, "GNU", 4) == 0) {
      seen.buildId = content;
      seen.buildIdSize = note->n_descsz;
      return;
    }
    p = next;
  }
}

Seen describe(uintptr_t base, const char *name, const ElfW(Phdr) * headers, size_t count) {
  Seen seen = {base, UINTPTR_MAX, 0, nullptr, name ? name : "", nullptr, 0};
  for (size_t i = 0; i < count; i++) {
    const ElfW(Phdr) &h = headers[i];
    const uintptr_t at = base + h.p_vaddr;
    if (h.p_type == PT_LOAD) {
      seen.begin = at < seen.begin ? at : seen.begin;
      seen.end = at + h.p_memsz > seen.end ? at + h.p_memsz : seen.end;
    } else if (h.p_type == PT_GNU_EH_FRAME) {
      seen.unwindTable = reinterpret_cast<const uint8_t *>(at);
    } else if (h.p_type == PT_NOTE && !seen.buildId) {
      readNotes(reinterpret_cast<const uint8_t *>(at), h.p_memsz, seen);
    }
  }
  return seen;
}

/// The loader names the main program "".
const char *keepName(const Seen &seen) {
  char link[1024];
  const char *name = seen.name;
  size_t length = strlen(name);
  if (length == 0 && tableSize == 0) {
    long n = systemCall(SYS_readlinkat, AT_FDCWD, long("/proc/self/exe"), long(link), sizeof(link) - 1);
    if (n > 0) {
      name = link;
      length = size_t(n);
    }
  }
  char *copy = static_cast<char *>(arena.allocate(length + 1));
  if (!copy)
    return "";
  memcpy(copy, name, length);
  copy[length] = 0;
  return copy;
}

void add(const Seen &seen, ModuleSink sink) {
  if (tableSize == kMaxModules || seen.begin >= seen.end)
    return;
  auto *m = arena.make<Module>();
  if (!m)
    return;
  m->base = seen.base;
  m->begin = seen.begin;
  m->end = seen.end;
  m->unwindTable = seen.unwindTable;
  m->path = keepName(seen);
  m->loaded = generation;
  if (seen.buildId && seen.buildIdSize <= sizeof(m->buildId)) {
    m->buildIdSize = uint8_t(seen.buildIdSize);
    memcpy(m->buildId, seen.buildId, seen.buildIdSize);
  }
  table[tableSize] = m;
  __atomic_store_n(&tableSize, tableSize + 1, __ATOMIC_RELEASE);
  if (sink)
    sink(*m, true);
}

Module *findIn(uintptr_t pc, uint32_t size) {
  for (uint32_t i = 0; i < size; i++)
    if (pc - table[i]->begin < table[i]->end - table[i]->begin &&
        !__atomic_load_n(&table[i]->unloaded, __ATOMIC_RELAXED))
      return table[i];
  return nullptr;
}

bool same(const Module &m, const Seen &seen) {
  return !m.unloaded && m.begin == seen.begin && m.end == seen.end && m.base == seen.base;
}

constexpr size_t kMaxSeen = 2048;
struct Listing {
  size_t count;
  Seen seen[kMaxSeen];
};

int collect(dl_phdr_info *info, size_t, void *data) {
  auto *listing = static_cast<Listing *>(data);
  if (listing->count < kMaxSeen)
    listing->seen[listing->count++] =
        describe(info->dlpi_addr, info->dlpi_name, info->dlpi_phdr, info->dlpi_phnum);
  return 0;
}

/// With modulesLock held.
void update(const Listing &listing, ModuleSink sink) {
  __atomic_store_n(&generation, generation + 1, __ATOMIC_RELAXED);
  const uint32_t before = tableSize;
  for (uint32_t i = 0; i < before; i++) {
    bool there = table[i]->unloaded != 0;
    for (size_t k = 0; k < listing.count && !there; k++)
      there = same(*table[i], listing.seen[k]);
    if (!there) {
      __atomic_store_n(&table[i]->unloaded, generation, __ATOMIC_RELAXED);
      if (sink)
        sink(*table[i], false);
    }
  }
  for (size_t k = 0; k < listing.count; k++) {
    bool known = false;
    for (uint32_t i = 0; i < before && !known; i++)
      known = same(*table[i], listing.seen[k]);
    if (!known)
      add(listing.seen[k], sink);
  }
}

} // namespace

void readModules(ModuleSink sink) {
  auto *listing = static_cast<Listing *>(mapMemory(sizeof(Listing)));
  if (!listing)
    return;
  // The loader's lock is taken and given back here, before ours: the other order could block a constructor in
  // dlopen.
  // By way of dlsym, since sanitizers intercept this function too.
  static decltype(&dl_iterate_phdr) iterate = nullptr;
  if (!iterate)
    iterate = reinterpret_cast<decltype(iterate)>(dlsym(RTLD_NEXT, "dl_iterate_phdr"));
  if (iterate)
    iterate(collect, listing);
  if (Locked locked(modulesLock); locked) {
    sinkForStrays = sink;
    update(*listing, sink);
  }
  unmapMemory(listing, sizeof(Listing));
}

void tellModules(ModuleSink sink) {
  Locked locked(modulesLock);
  if (!locked)
    return;
  for (uint32_t i = 0; i < tableSize; i++)
    if (!table[i]->unloaded)
      sink(*table[i], true);
}

const Module *findModule(uintptr_t pc) {
  if (const Module *m = findIn(pc, __atomic_load_n(&tableSize, __ATOMIC_ACQUIRE)))
    return m;
  dl_find_object found = {};
  if (!_dl_find_object || _dl_find_object(reinterpret_cast<void *>(pc), &found) != 0)
    return nullptr;
  Locked locked(modulesLock);
  if (!locked)
    return nullptr;
  if (const Module *m = findIn(pc, tableSize)) // another thread was faster
    return m;
  const auto *header = static_cast<const ElfW(Ehdr) *>(found.dlfo_map_start);
  if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
    return nullptr;
  const auto *programHeaders =
      reinterpret_cast<const ElfW(Phdr) *>(static_cast<const char *>(found.dlfo_map_start) + header->e_phoff);
  __atomic_store_n(&generation, generation + 1, __ATOMIC_RELAXED);
  add(describe(found.dlfo_link_map->l_addr, found.dlfo_link_map->l_name, programHeaders, header->e_phnum),
      sinkForStrays);
  return findIn(pc, tableSize);
}

uint32_t moduleGeneration() {
  return __atomic_load_n(&generation, __ATOMIC_RELAXED);
}

} // namespace gordian::runtime
