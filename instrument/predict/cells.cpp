// SPDX-License-Identifier: MIT
#include "predict/cells.h"

namespace gordian::predict {

bool Cells::init(Engine &engine, uint32_t maxPages, Judge judge) {
  engine_ = &engine;
  judge_ = judge;
  pagesLeft_ = maxPages;
  top_ = reserveArray<std::atomic<Table *>>(1u << kTopBits);
  extras_ = reserveArray<Extra>(kMaxExtras);
  return top_ && extras_;
}

// ---------------------------------------------------------------------------------------------------------------
// Finding cells

Cell *Cells::find(uintptr_t address) const {
  const uintptr_t page = address >> kPageBits;
  if (page >> (kTableBits + kTopBits))
    return nullptr;
  Table *table = top_[page >> kTableBits].load(std::memory_order_acquire);
  Cell *cells = table ? table[page & ((1u << kTableBits) - 1)].load(std::memory_order_acquire) : nullptr;
  return cells ? &cells[(address >> 3) & (kCellsOfPage - 1)] : nullptr;
}

Cell *Cells::newPage() {
  constexpr uint32_t kBlock = 1024;
  if (pagesLeft_ == 0)
    return nullptr;
  if (freshPages_ == 0) {
    fresh_ = reserveArray<Cell>(size_t(kBlock) * kCellsOfPage);
    if (!fresh_)
      return nullptr;
    freshPages_ = kBlock;
  }
  pagesLeft_--;
  freshPages_--;
  Cell *page = fresh_;
  fresh_ += kCellsOfPage;
  return page;
}

Cell *Cells::make(uintptr_t address) {
  if (Cell *cell = find(address))
    return cell;
  const uintptr_t page = address >> kPageBits;
  if (page >> (kTableBits + kTopBits))
    return nullptr;
  SpinGuard guard(growing_);
  std::atomic<Table *> &slot = top_[page >> kTableBits];
  if (!slot.load(std::memory_order_relaxed))
    slot.store(reserveArray<Table>(1u << kTableBits), std::memory_order_release);
  Table *table = slot.load(std::memory_order_relaxed);
  if (!table)
    return nullptr;
  Table &entry = table[page & ((1u << kTableBits) - 1)];
  if (!entry.load(std::memory_order_relaxed))
    entry.store(newPage(), std::memory_order_release);
  return find(address);
}

void Cells::lock(Cell &cell) {
  for (int spins = 0; cell.extra.fetch_or(Cell::kBusy, std::memory_order_acquire) & Cell::kBusy; spins++)
    relax(spins);
}

/// The cell is locked. Null where there are no more.
Extra *Cells::extraOf(Cell &cell) {
  const uint32_t number = cell.extra.load(std::memory_order_relaxed) & ~Cell::kBusy;
  if (number)
    return &extras_[number];
  uint32_t fresh = 0;
  {
    SpinGuard guard(freeing_);
    fresh = freeExtra_;
    if (fresh)
      freeExtra_ = extras_[fresh].nextFree;
  }
  if (!fresh)
    fresh = extraCount_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (fresh >= kMaxExtras)
    return nullptr;
  extras_[fresh].lock = 0;
  cell.extra.fetch_or(fresh, std::memory_order_relaxed);
  return &extras_[fresh];
}

SyncClock *Cells::syncAt(uintptr_t address) {
  Cell *cell = make(address);
  if (!cell)
    return engine_->off(), nullptr;
  lock(*cell);
  Extra *extra = extraOf(*cell);
  unlock(*cell);
  if (!extra)
    return engine_->off(), nullptr;
  return &extra->sync;
}

SyncClock *Cells::knownSyncAt(uintptr_t address) {
  const Cell *cell = find(address);
  const uint32_t number = cell ? cell->extra.load(std::memory_order_acquire) & ~Cell::kBusy : 0;
  return number ? &extras_[number].sync : nullptr;
}

LockId Cells::lockAt(uintptr_t address) {
  Cell *cell = make(address);
  if (!cell)
    return engine_->off(), 0;
  lock(*cell);
  Extra *extra = extraOf(*cell);
  if (extra && !extra->lock)
    extra->lock = engine_->newLock();
  const LockId id = extra ? extra->lock : 0;
  unlock(*cell);
  if (!id)
    engine_->off();
  return id;
}

void Cells::forgetCell(Cell &cell) {
  const uint32_t number = cell.extra.load(std::memory_order_relaxed) & ~Cell::kBusy;
  for (Entry &entry : cell.entries)
    entry = Entry();
  if (!number)
    return;
  Extra &extra = extras_[number];
  extra.sync.clear(engine_->pool());
  extra.readers.clear(engine_->pool());
  cell.extra.fetch_and(Cell::kBusy, std::memory_order_relaxed);
  SpinGuard guard(freeing_);
  extra.nextFree = freeExtra_;
  freeExtra_ = number;
}

void Cells::forget(uintptr_t begin, uintptr_t end) {
  constexpr uintptr_t kPage = uintptr_t(1) << kPageBits, kTableSpan = kPage << kTableBits;
  for (uintptr_t at = begin & ~uintptr_t(7); at < end;) {
    const uintptr_t page = at >> kPageBits;
    if (page >> (kTableBits + kTopBits))
      return;
    if (!top_[page >> kTableBits].load(std::memory_order_acquire)) {
      at = (at | (kTableSpan - 1)) + 1;
      continue;
    }
    Cell *cell = find(at);
    if (!cell) {
      at = (at | (kPage - 1)) + 1;
      continue;
    }
    if (cell->entries[0].mask || cell->extra.load(std::memory_order_relaxed)) { // entries fill from the first
      lock(*cell);
      forgetCell(*cell);
      unlock(*cell);
    }
    at += 8;
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Accesses

bool Cells::known(const Thread &thread, uintptr_t address, uint8_t mask, bool write) {
  const Cell *cell = find(address);
  if (!cell)
    return false;
  bool known = false;
  for (const Entry &entry : cell->entries)
    if (!(entry.live & mask))
      continue;
    else if (entry.thread() != thread.tid) {
      if (write) // somebody read what this thread wrote before
        return false;
    } else {
      known |= entry.segment == thread.segment() && (entry.live & mask) == mask && (entry.write() || !write);
    }
  return known && !(write && (cell->extra.load(std::memory_order_relaxed) & ~Cell::kBusy));
}

void Cells::access(Thread &thread, uintptr_t address, unsigned size, bool write, uint32_t context) {
  while (size > 0) {
    const unsigned here = size < 8 - (address & 7) ? size : unsigned(8 - (address & 7));
    const Access access{{thread.tid, thread.segment()}, context, maskOf(address, here), write};
    if (!known(thread, address, access.mask, write))
      accessGranule(thread, address & ~uintptr_t(7), access);
    address += here;
    size -= here;
  }
}

/// The entries of others that conflict with the access and that nothing orders before it.
int Cells::conflicts(const Cell &cell, const Thread &thread, const Access &access, Entry *out) {
  int count = 0;
  for (const Entry &entry : cell.entries) {
    const bool conflict = (entry.mask & access.mask) && (entry.write() || access.write);
    const bool ordering = (entry.live & access.mask) && (entry.ordersReads() || access.write);
    if ((conflict || ordering) && !engine_->ordered(thread, entry.point()))
      out[count++] = entry;
  }
  return count;
}

/// A place for the access. What live entry had to leave for it is in `displaced`.
Entry *Cells::roomFor(Cell &cell, const Thread &thread, const Access &access, Entry &displaced) {
  Entry *dead = nullptr, *sameDead = nullptr;
  for (Entry &entry : cell.entries) {
    const bool own = entry.thread() == thread.tid && entry.write() == access.write;
    if (entry.mask == 0)
      return &entry;
    if (own && entry.context == access.context && (entry.live & ~access.mask) == 0 &&
        (entry.mask & ~access.mask) == 0)
      return &entry;
    if (entry.live == 0)
      (own ? sameDead : dead) = &entry;
  }
  if (sameDead || dead)
    return sameDead ? sameDead : dead;
  Entry *victim = &cell.entries[0];
  for (Entry &entry : cell.entries) // reads are kept elsewhere at no loss
    if (!entry.ordersReads() && victim->ordersReads())
      victim = &entry;
  displaced = *victim;
  return victim;
}

void Cells::record(Cell &cell, Thread &thread, const Access &access) {
  for (Entry &entry : cell.entries)
    if (access.write || (entry.thread() == thread.tid && !entry.ordersReads()))
      entry.live &= uint8_t(~access.mask);
  Entry displaced;
  Entry *entry = roomFor(cell, thread, access, displaced);
  *entry = {};
  entry->segment = access.point.segment;
  entry->context = access.context;
  entry->who = uint16_t(thread.tid << 4 | (access.write ? Entry::kWrite : 0));
  entry->mask = entry->live = access.mask;
  if (displaced.live == 0)
    return;
  if (displaced.ordersReads()) {
    entry->live |= displaced.live;
    entry->who |= Entry::kStandsForWrite;
    engine_->order(thread, displaced.point());
    return;
  }
  Extra *extra = extraOf(cell);
  if (!extra || !extra->readers.raise(displaced.thread(), displaced.segment, engine_->pool()))
    engine_->off();
}

void Cells::accessGranule(Thread &thread, uintptr_t granule, const Access &access) {
  Cell *cell = make(granule);
  if (!cell)
    return engine_->off();
  engine_->touch(thread);
  Entry found[kEntries];
  SyncClock *readers = nullptr;
  lock(*cell);
  const int count = conflicts(*cell, thread, access, found);
  const uint32_t extra = cell->extra.load(std::memory_order_relaxed) & ~Cell::kBusy;
  if (access.write && extra && extras_[extra].readers.width)
    readers = &extras_[extra].readers;
  record(*cell, thread, access);
  unlock(*cell);
  // First all questions, then the orders: each would answer the questions after it.
  for (int i = 0; i < count; i++) {
    const Entry &entry = found[i];
    if ((entry.mask & access.mask) && (entry.write() || access.write))
      judge_(*engine_, thread, {granule, {entry.point(), entry.context, entry.mask, entry.write()}, access});
  }
  for (int i = 0; i < count; i++)
    if ((found[i].live & access.mask) && (found[i].ordersReads() || access.write))
      engine_->order(thread, found[i].point());
  if (readers)
    engine_->orderAfter(thread, *readers);
}

} // namespace gordian::predict
