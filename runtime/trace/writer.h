// SPDX-License-Identifier: MIT
//
// The trace file of this process, as the writer sees it. Layout: trace/format.h.
//
// The file is mapped once, at its largest size, and grown in steps; a step is allocated on disk before
// anything is written into it, because a store into a hole of a full disk would kill the program (SIGBUS). No
// descriptor stays open: programs close what they do not know, and the number would then name a file of
// theirs. A step opens the file anew and checks that it is the same one.
//
// Records are appended to one of a few chunks shared by all threads; taking room is one atomic addition, so a
// signal handler may append in the middle of an append. What no longer fits into `history` is dropped and
// counted; a small reserve is kept for what must not be lost (deadlocks, the end).
#ifndef GORDIAN_TRACE_WRITER_H
#define GORDIAN_TRACE_WRITER_H

#include "core/futex_lock.h"
#include "core/local.h"
#include "trace/format.h"

#include <cstddef>

namespace gordian::runtime {

class TraceFile {
public:
  constexpr TraceFile() = default;
  TraceFile(const TraceFile &) = delete;

  /// Creates and maps the file. `parent` (null: none) is the file of the process that forked this one. False,
  /// after one line on stderr, where that is not possible.
  bool open(const trace::FileHeader *parent);

  /// In the child of a fork: forgets the parent's file without touching it.
  void forget();

  bool isOpen() const { return __atomic_load_n(&header_, __ATOMIC_ACQUIRE) != nullptr; }
  trace::FileHeader &header() const { return *header_; }
  trace::WaitSlot *waitSlot(uint32_t i);
  const char *path() const { return path_; }

  /// Room for a record of `size` bytes plus `extra`; its header says Pending. Null: dropped and counted.
  void *reserve(size_t size, uint32_t stripe, bool essential);

  static void commit(void *record, trace::RecordKind kind, uint8_t flags = 0) {
    auto *h = static_cast<trace::RecordHeader *>(record);
    const trace::RecordHeader done = {h->units, flags, kind};
    uint32_t word;
    __builtin_memcpy(&word, &done, sizeof(word));
    __atomic_store_n(static_cast<uint32_t *>(record), word, __ATOMIC_RELEASE);
  }

  trace::Ref refOf(const void *record) const {
    return trace::offsetRef(uint64_t(static_cast<const char *>(record) - base_));
  }
  void *at(trace::Ref ref) const { return base_ + trace::refOffset(ref); }

  void drop(trace::Dropped what, uint32_t incomplete) {
    __atomic_fetch_add(&header_->dropped[what], 1, __ATOMIC_RELAXED);
    if (!(__atomic_load_n(&header_->incomplete, __ATOMIC_RELAXED) & incomplete))
      __atomic_fetch_or(&header_->incomplete, incomplete, __ATOMIC_RELAXED);
  }

private:
  bool grow(uint64_t end);
  bool allocateDisk(int fd, uint64_t from, uint64_t to);
  trace::ChunkHeader *nextChunk(uint32_t stripe, trace::ChunkHeader *full, bool essential);

  static constexpr uint32_t kStripes = 4;
  static constexpr uint32_t kReserveChunks = 16;
  trace::FileHeader *header_ = nullptr;
  char *base_ = nullptr;
  uint64_t mapped_ = 0; // bytes of address space
  uint64_t size_ = 0;   // bytes of file that may be written
  uint64_t step_ = 0;
  uint32_t maxChunks_ = 0;
  uint32_t slotPages_ = 0;
  bool full_ = false; // `history` is used up: only what is essential goes on
  uint64_t inode_ = 0, device_ = 0;
  trace::ChunkHeader *stripes_[kStripes] = {};
  char path_[1200] = {};
};

GORDIAN_LOCAL extern TraceFile traceFile;
extern FutexLock growLock; // exposed for fork only, as the other locks of this kind

// ---------------------------------------------------------------------------------------------------------------
// Records. All return kNoRef where the record was dropped.

/// `Record` with `extra` bytes behind it; fill it, then commitRecord.
template <class Record>
Record *reserveRecord(uint32_t stripe, size_t extra = 0, bool essential = false) {
  return static_cast<Record *>(traceFile.reserve(sizeof(Record) + extra, stripe, essential));
}

trace::Ref writeString(const char *text, size_t length);
void writeLog(trace::LogLevel level, const char *text);

/// Says it on stderr and in the trace.
void notice(const char *text);

} // namespace gordian::runtime

#endif
