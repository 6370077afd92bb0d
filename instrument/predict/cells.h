// SPDX-License-Identifier: MIT
//
// Memory's memory: for each 8 bytes of the program's, who accessed them. A cell has a few entries, each one
// access (or several alike) by one thread in one segment, and makes of them
//   - the orders of the engine: an access is ordered after the conflicting ones before it. An entry is live
//   for a byte as
//     long as no later access stands for it: a write stands for all before it, a read for the thread's own
//     reads.
//   - suspicions: pairs of conflicting accesses that nothing orders. Dead entries still count here: the
//   access they
//     stand for may race where its successor, under a lock by then, does not.
// When a cell is full, a dead entry goes; a live read goes into the cell's clock of readers; a live write is
// stood for by the new entry from then on (ordered more than need be, never less).
//
// What is at an address beside data is kept at its cell too: the clock of an atomic variable, semaphore, ...,
// the id of a lock. All of it is forgotten when the memory is given out anew.
#ifndef GORDIAN_INSTRUMENT_PREDICT_CELLS_H
#define GORDIAN_INSTRUMENT_PREDICT_CELLS_H

#include "predict/engine.h"

namespace gordian::predict {

/// One access, as a report needs it.
struct Access {
  Point point;
  uint32_t context; // where (contexts.h); 0: not known
  uint8_t mask;     // which of the eight bytes
  bool write;
};

/// Two accesses that conflict and that nothing orders: `first` came first.
struct Suspicion {
  uintptr_t granule; // the address of the eight bytes
  Access first, second;
};

class Entry {
public:
  Segment segment = 0;
  uint32_t context = 0;
  uint16_t who = 0; // thread << 4 | flags
  uint8_t mask = 0; // 0: free
  uint8_t live = 0;

  static constexpr uint16_t kWrite = 1;
  static constexpr uint16_t kStandsForWrite = 2; // ... of other bytes: orders as a write

  Tid thread() const { return Tid(who >> 4); }
  bool write() const { return who & kWrite; }
  bool ordersReads() const { return who & (kWrite | kStandsForWrite); }
  Point point() const { return {thread(), segment}; }
};

constexpr int kEntries = 5;

/// A cache line.
struct Cell {
  std::atomic<uint32_t> extra; // the number of its Extra, and kBusy while somebody works on it
  Entry entries[kEntries];

  static constexpr uint32_t kBusy = 1u << 31;
};
static_assert(sizeof(Entry) == 12 && sizeof(Cell) == 64);

/// What few cells have.
struct Extra {
  SyncClock sync;    // of what is at this address and orders threads
  SyncClock readers; // reads that found no room
  LockId lock = 0;
  uint32_t nextFree = 0;
};

class Cells {
public:
  using Judge = void (*)(Engine &engine, Thread &thread, const Suspicion &suspicion);

  /// `maxPages` pages of 4096 bytes are watched at most; the engine goes off when more are touched.
  bool init(Engine &engine, uint32_t maxPages, Judge judge);

  void access(Thread &thread, uintptr_t address, unsigned size, bool write, uint32_t context);
  /// Whether the access adds nothing to what the cell knows. A look without a lock.
  bool known(const Thread &thread, uintptr_t address, uint8_t mask, bool write);

  /// For things other than data at this address. Null where there is no memory: the engine is off then.
  SyncClock *syncAt(uintptr_t address);
  LockId lockAt(uintptr_t address);
  /// Null also where nothing was ever sent from there.
  SyncClock *knownSyncAt(uintptr_t address);

  /// The memory is new: what was there has nothing to do with what will be.
  void forget(uintptr_t begin, uintptr_t end);

  /// The bytes of [address, address + size) within the granule that address lies in.
  static uint8_t maskOf(uintptr_t address, unsigned size) {
    const unsigned offset = address & 7;
    return size >= 8 - offset ? uint8_t(0xff << offset) : uint8_t(((1u << size) - 1) << offset);
  }

private:
  static constexpr unsigned kPageBits = 12;
  static constexpr unsigned kTableBits = 18;
  static constexpr unsigned kTopBits = 47 - kPageBits - kTableBits;
  static constexpr unsigned kCellsOfPage = 1u << (kPageBits - 3);
  static constexpr uint32_t kMaxExtras = 1u << 22;

  using Table = std::atomic<Cell *>;

  Cell *find(uintptr_t address) const;
  Cell *make(uintptr_t address);
  Cell *newPage();
  Extra *extraOf(Cell &cell);
  static void lock(Cell &cell);
  static void unlock(Cell &cell) { cell.extra.fetch_and(~Cell::kBusy, std::memory_order_release); }

  void accessGranule(Thread &thread, uintptr_t granule, const Access &access);
  int conflicts(const Cell &cell, const Thread &thread, const Access &access, Entry *out);
  void record(Cell &cell, Thread &thread, const Access &access);
  Entry *roomFor(Cell &cell, const Thread &thread, const Access &access, Entry &displaced);
  void forgetCell(Cell &cell);

  Engine *engine_ = nullptr;
  Judge judge_ = nullptr;
  uint32_t pagesLeft_ = 0;
  std::atomic<Table *> *top_ = nullptr;
  SpinLock growing_;
  Cell *fresh_ = nullptr;
  uint32_t freshPages_ = 0;
  Extra *extras_ = nullptr;
  std::atomic<uint32_t> extraCount_{0};
  SpinLock freeing_;
  uint32_t freeExtra_ = 0;
};

} // namespace gordian::predict

#endif
