// SPDX-License-Identifier: MIT
#include "trace/writer.h"

#include "core/flags.h"
#include "core/futex_lock.h"
#include "core/print.h"

#include <cerrno>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace gordian::runtime {

using namespace gordian::trace;

constinit TraceFile traceFile;
constinit FutexLock growLock;

namespace {

#if defined(__x86_64__)
constexpr uint32_t kMachine = EM_X86_64;
#else
constexpr uint32_t kMachine = EM_AARCH64;
#endif
constexpr uint64_t kPage = 4096;
constexpr uint64_t kFirstStep = 4 * kChunkSize, kLargestStep = 16 << 20;

/// Absolute, since the program may change its folder: trace_dir/gordian.<pid>.<nonce>.trace.
bool makePath(char *out, size_t size, uint32_t pid, uint64_t nonce) {
  LineBuffer<1200> path;
  if (options.trace_dir.value[0] != '/') {
    char folder[1024];
    if (systemCall(SYS_getcwd, long(folder), sizeof(folder)) <= 0)
      return false;
    path.text(folder).text("/");
  }
  if (strcmp(options.trace_dir.value, ".") != 0)
    path.text(options.trace_dir.value).text("/");
  path.text("gordian.").decimal(pid).text(".").hex(nonce).text(".trace");
  if (path.full() || path.size() >= size)
    return false;
  memcpy(out, path.c_str(), path.size() + 1);
  return true;
}

void complain(const char *what, const char *path, long error) {
  Line line;
  line.text("gordian: cannot ")
      .text(what)
      .text(" the trace ")
      .text(path)
      .text(" (errno ")
      .decimal(uint64_t(-error));
  line.text("); nothing is recorded. Set GORDIAN_OPTIONS=trace_dir=FOLDER to a writable folder").print();
}

/// A file may not grow beyond this: the kernel would kill the program with SIGXFSZ.
uint64_t fileSizeLimit() {
  rlimit limit = {};
  if (systemCall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, long(&limit)) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return UINT64_MAX;
  return limit.rlim_cur;
}

struct FileText {
  char text[kChunkSize / 2];
  long size;
};

} // namespace

bool TraceFile::allocateDisk(int fd, uint64_t from, uint64_t to) {
  long error = systemCall(SYS_fallocate, fd, 0, long(from), long(to - from));
  if (error != -EOPNOTSUPP)
    return error == 0;
  static const char zeros[kPage] = {};
  for (uint64_t at = from; at < to; at += kPage)
    if (systemCall(SYS_pwrite64, fd, long(zeros), kPage, long(at)) != long(kPage))
      return false;
  return true;
}

bool TraceFile::open(const FileHeader *parent) {
  const uint32_t pid = processId();
  const uint64_t nonce = randomBits();
  if (!makePath(path_, sizeof(path_), pid, nonce)) {
    complain("name", options.trace_dir.value, -ENAMETOOLONG);
    return false;
  }
  long fd = systemCall(SYS_openat, AT_FDCWD, long(path_), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) {
    complain("create", path_, fd);
    return false;
  }
  uint64_t limit = fileSizeLimit();
  maxChunks_ = uint32_t(options.history / kChunkSize < 16 ? 16 : options.history / kChunkSize);
  if (maxChunks_ > (1u << 17))
    maxChunks_ = 1u << 17; // references reach 32 GiB; this is 8
  mapped_ = kChunkBase + uint64_t(maxChunks_ + kReserveChunks) * kChunkSize;
  if (mapped_ > limit)
    mapped_ = limit & ~uint64_t(kChunkSize - 1);
  if (mapped_ < kChunkBase + kFirstStep) {
    complain("allocate (RLIMIT_FSIZE)", path_, -EFBIG);
    systemCall(SYS_close, fd);
    return false;
  }
  long map =
      systemCall(SYS_mmap, 0, long(mapped_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  // Under a limit of address space, a smaller map is better than none.
  while (map < 0 && map > -4096 && mapped_ > kChunkBase + 2 * kFirstStep) {
    mapped_ = (kChunkBase + (mapped_ - kChunkBase) / 2) & ~uint64_t(kChunkSize - 1);
    map = systemCall(SYS_mmap, 0, long(mapped_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  }
  struct stat st = {};
  long error = map < 0 && map > -4096 ? map : 0;
  if (!error &&
      !(allocateDisk(int(fd), 0, 2 * kPage) && allocateDisk(int(fd), kChunkBase, kChunkBase + kFirstStep)))
    error = -ENOSPC;
  if (!error)
    error = systemCall(SYS_newfstatat, fd, long(""), long(&st), AT_EMPTY_PATH);
  systemCall(SYS_close, fd);
  if (error) {
    complain("allocate", path_, error);
    systemCall(SYS_unlinkat, AT_FDCWD, long(path_), 0);
    return false;
  }
  inode_ = st.st_ino;
  device_ = st.st_dev;
  base_ = reinterpret_cast<char *>(map);
  size_ = kChunkBase + kFirstStep;
  step_ = kFirstStep;
  slotPages_ = 1;
  if (maxChunks_ + kReserveChunks > (mapped_ - kChunkBase) / kChunkSize)
    maxChunks_ = uint32_t((mapped_ - kChunkBase) / kChunkSize) - kReserveChunks / 2;

  auto *h = reinterpret_cast<FileHeader *>(base_);
  h->version = kVersion;
  h->headerSize = sizeof(FileHeader);
  h->machine = kMachine;
  h->pageSize = kPage;
  h->pid = pid;
  h->parentPid = uint32_t(systemCall(SYS_getppid));
  h->nonce = nonce;
  h->parentNonce = parent ? parent->nonce : 0;
  h->startRealtime = realtimeNow();
  h->startMonotonic = monotonicNow();
  h->underRun = options.watched;
  h->waitTableOffset = kWaitTableOffset;
  h->waitSlots = kWaitSlots;
  h->waitSlotSize = sizeof(WaitSlot);
  h->chunkBase = kChunkBase;
  h->chunkSize = kChunkSize;
  __atomic_store_n(&h->magic, kMagic, __ATOMIC_RELEASE);
  __atomic_store_n(&header_, h, __ATOMIC_RELEASE);

  // Buffers of this size do not belong on the stack of whatever thread came first.
  if (auto *file = static_cast<FileText *>(mapMemory(sizeof(FileText)))) {
    file->size =
        systemCall(SYS_readlinkat, AT_FDCWD, long("/proc/self/exe"), long(file->text), sizeof(file->text));
    h->exe = writeString(file->text, file->size > 0 ? size_t(file->size) : 0);
    file->size = readFile("/proc/self/cmdline", file->text, sizeof(file->text));
    h->commandLine = writeString(file->text, file->size > 0 ? size_t(file->size) : 0);
    file->size = systemCall(SYS_getcwd, long(file->text), sizeof(file->text));
    h->workingDirectory = writeString(file->text, file->size > 1 ? size_t(file->size - 1) : 0);
    unmapMemory(file, sizeof(FileText));
  }
  if (options.verbosity >= 1) {
    Line line;
    line.text("gordian: process ").decimal(pid).text(" is recorded in ").text(path_).print();
  }
  return true;
}

void TraceFile::forget() {
  if (base_)
    unmapMemory(base_, mapped_);
  header_ = nullptr;
  base_ = nullptr;
  full_ = false;
  for (ChunkHeader *&s : stripes_)
    s = nullptr;
}

/// With growLock held: the file may be written up to `end`.
bool TraceFile::grow(uint64_t end) {
  if (end <= size_)
    return true;
  if (end > mapped_)
    return false;
  if (step_ < kLargestStep)
    step_ *= 2;
  uint64_t to = end + step_ > mapped_ ? mapped_ : end + step_;
  long fd = systemCall(SYS_openat, AT_FDCWD, long(path_), O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return false;
  struct stat st = {};
  bool good = systemCall(SYS_newfstatat, fd, long(""), long(&st), AT_EMPTY_PATH) == 0 &&
              st.st_ino == inode_ && st.st_dev == device_;
  if (good && !allocateDisk(int(fd), size_, to)) {
    to = end; // the disk is nearly full: what is needed now may still fit
    good = allocateDisk(int(fd), size_, to);
  }
  systemCall(SYS_close, fd);
  if (good)
    size_ = to;
  return good;
}

WaitSlot *TraceFile::waitSlot(uint32_t i) {
  const uint64_t offset = kWaitTableOffset + uint64_t(i) * sizeof(WaitSlot);
  if (i >= kWaitSlots || !header_)
    return nullptr;
  if (offset / kPage > slotPages_) { // this page is still a hole
    Locked locked(growLock);
    if (!locked)
      return nullptr;
    long fd = systemCall(SYS_openat, AT_FDCWD, long(path_), O_RDWR | O_CLOEXEC);
    struct stat st = {};
    const uint64_t page = offset & ~(kPage - 1);
    const bool good = fd >= 0 && systemCall(SYS_newfstatat, fd, long(""), long(&st), AT_EMPTY_PATH) == 0 &&
                      st.st_ino == inode_ && st.st_dev == device_ &&
                      allocateDisk(int(fd), (slotPages_ + 1) * kPage, page + kPage);
    if (fd >= 0)
      systemCall(SYS_close, fd);
    if (!good)
      return nullptr;
    slotPages_ = uint32_t(offset / kPage);
  }
  return reinterpret_cast<WaitSlot *>(base_ + offset);
}

/// A fresh chunk for the stripe, unless another thread has put one there already.
ChunkHeader *TraceFile::nextChunk(uint32_t stripe, ChunkHeader *full, bool essential) {
  Locked locked(growLock);
  if (!locked)
    return nullptr;
  if (stripes_[stripe] != full)
    return stripes_[stripe];
  const uint32_t index = header_->chunks;
  if (index >= maxChunks_ + (essential ? kReserveChunks : 0) ||
      !grow(kChunkBase + uint64_t(index + 1) * kChunkSize)) {
    full_ = true;
    return nullptr;
  }
  auto *chunk = reinterpret_cast<ChunkHeader *>(base_ + kChunkBase + uint64_t(index) * kChunkSize);
  chunk->magic = kChunkMagic;
  chunk->index = index;
  chunk->used = sizeof(ChunkHeader);
  __atomic_store_n(&header_->chunks, index + 1, __ATOMIC_RELEASE);
  __atomic_store_n(&stripes_[stripe], chunk, __ATOMIC_RELEASE);
  return chunk;
}

void *TraceFile::reserve(size_t size, uint32_t stripe, bool essential) {
  size = (size + 7) & ~size_t(7);
  if (!header_)
    return nullptr;
  stripe %= kStripes;
  ChunkHeader *chunk = __atomic_load_n(&stripes_[stripe], __ATOMIC_ACQUIRE);
  while (size <= kChunkSize - sizeof(ChunkHeader) && (essential || !full_)) {
    if (chunk) {
      // Room is looked for before it is taken, so that a large record that does not fit leaves the rest to
      // small ones.
      uint32_t used = __atomic_load_n(&chunk->used, __ATOMIC_RELAXED);
      while (used + size <= kChunkSize) {
        if (!__atomic_compare_exchange_n(&chunk->used, &used, uint32_t(used + size), true, __ATOMIC_RELAXED,
                                         __ATOMIC_RELAXED))
          continue;
        void *record = reinterpret_cast<char *>(chunk) + used;
        *static_cast<RecordHeader *>(record) = {uint16_t(size / 8), 0, RecordKind::Pending};
        return record;
      }
    }
    chunk = nextChunk(stripe, chunk, essential);
    if (!chunk)
      break;
  }
  drop(kDroppedRecords, kIncompleteHistory);
  return nullptr;
}

Ref writeString(const char *text, size_t length) {
  if (length > kChunkSize / 2)
    length = kChunkSize / 2;
  auto *r = reserveRecord<StringRecord>(0, length);
  if (!r)
    return kNoRef;
  r->length = uint32_t(length);
  memcpy(r + 1, text, length);
  TraceFile::commit(r, RecordKind::String);
  return traceFile.refOf(r);
}

void writeLog(LogLevel level, const char *text) {
  const size_t length = strlen(text);
  auto *r = reserveRecord<LogRecord>(0, length, true);
  if (!r)
    return;
  r->length = uint32_t(length);
  memcpy(r + 1, text, length);
  TraceFile::commit(r, RecordKind::Log, uint8_t(level));
}

void notice(const char *text) {
  if (options.notices) {
    Line line;
    line.text("gordian: ").text(text).print();
  }
  if (traceFile.isOpen())
    writeLog(LogLevel::Warning, text);
}

} // namespace gordian::runtime
