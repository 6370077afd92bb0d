// SPDX-License-Identifier: MIT
//
// See reader.h.
#include "trace/reader.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <cstring>

namespace gordian::trace {

llvm::Expected<TraceFile> TraceFile::open(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "cannot read %s: %s", path.c_str(),
                                   buffer.getError().message().c_str());
  return parse(std::move(*buffer));
}

llvm::Expected<TraceFile> TraceFile::parse(std::unique_ptr<llvm::MemoryBuffer> buffer) {
  TraceFile file;
  file.name = buffer->getBufferIdentifier().str();
  llvm::StringRef bytes = buffer->getBuffer();
  auto error = [&](const char *why) {
    return llvm::createStringError(std::errc::invalid_argument, "%s: %s", file.name.c_str(), why);
  };
  if (!isTrace({bytes.data(), bytes.size()}))
    return error("not a gordian trace");
  if (bytes.size() < sizeof(FileHeader))
    return error("the trace ends within its header: nothing can be read");
  std::memcpy(&file.head, bytes.data(), sizeof(FileHeader));
  const FileHeader &h = file.head;
  if (h.version != kVersion)
    return error("the trace was written by another version of gordian: use that version's `report`");
  if (h.chunkSize < sizeof(ChunkHeader) || h.chunkSize % 8 != 0 || h.chunkBase < sizeof(FileHeader) ||
      h.chunkBase % 8 != 0)
    return error("the trace's header is damaged");
  file.buffer = std::move(buffer);
  file.walk();
  return file;
}

bool isTrace(std::string_view beginning) {
  uint64_t magic = 0;
  if (beginning.size() < sizeof magic)
    return false;
  std::memcpy(&magic, beginning.data(), sizeof magic);
  return magic == kMagic;
}

void TraceFile::walk() {
  uint64_t size = buffer->getBufferSize();
  starts.assign(size / 8 + 1, false);
  for (uint64_t i = 0; i < head.chunks; ++i) {
    uint64_t begin = head.chunkBase + i * head.chunkSize;
    if (begin >= size || size - begin < sizeof(ChunkHeader)) {
      lost.missingBytes += (head.chunks - i) * head.chunkSize;
      return;
    }
    ChunkHeader chunk;
    std::memcpy(&chunk, buffer->getBufferStart() + begin, sizeof chunk);
    if (chunk.magic != kChunkMagic) {
      // A chunk that was claimed and never written to is all zeros and holds nothing.
      lost.badChunks += chunk.magic != 0 || chunk.used != 0;
      continue;
    }
    uint64_t used = std::min<uint64_t>(chunk.used, head.chunkSize);
    if (begin + used > size)
      lost.missingBytes += begin + used - size;
    walkChunk(begin + sizeof(ChunkHeader), std::min(begin + used, size));
  }
}

void TraceFile::walkChunk(uint64_t begin, uint64_t end) {
  uint64_t at = begin;
  while (at + sizeof(RecordHeader) <= end) {
    RecordHeader record;
    std::memcpy(&record, buffer->getBufferStart() + at, sizeof record);
    if (record.units == 0)
      return; // handed out and not begun, or the rest of a full chunk
    if (recordBytes(record) > end - at) {
      ++lost.cutChunks;
      return;
    }
    if (record.kind == RecordKind::Pending || record.kind == RecordKind::None) {
      ++lost.pendingRecords;
    } else {
      starts[at / 8] = true;
      byKind[size_t(record.kind)].push_back(offsetRef(at));
    }
    at += recordBytes(record);
  }
}

const void *TraceFile::find(Ref ref, RecordKind kind, size_t size) const {
  if (ref == kNoRef || ref >= starts.size() || !starts[ref])
    return nullptr;
  const auto *record = reinterpret_cast<const RecordHeader *>(buffer->getBufferStart() + refOffset(ref));
  return record->kind == kind && recordBytes(*record) >= size ? record : nullptr;
}

std::string_view TraceFile::string(Ref ref) const {
  const auto *record = get<StringRecord>(ref, RecordKind::String);
  if (!record)
    return {};
  auto [text, length] = tail<char>(record, record->length);
  return {text, length};
}

std::vector<WaitSlot> TraceFile::waitSlots() const {
  std::vector<WaitSlot> slots;
  uint64_t size = buffer->getBufferSize();
  uint32_t count = std::min(head.slotsUsed, head.waitSlots);
  if (head.waitSlotSize < sizeof(WaitSlot))
    return slots;
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t at = head.waitTableOffset + i * head.waitSlotSize;
    if (at > size || size - at < sizeof(WaitSlot))
      break;
    WaitSlot slot;
    std::memcpy(&slot, buffer->getBufferStart() + at, sizeof slot);
    slots.push_back(slot);
  }
  return slots;
}

llvm::Expected<std::vector<std::string>> tracesIn(const std::string &folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(folder, error), end; it != end && !error; it.increment(error)) {
    llvm::StringRef file = llvm::sys::path::filename(it->path());
    if (file.starts_with("gordian.") && file.ends_with(".trace"))
      found.push_back(it->path());
  }
  if (error)
    return llvm::createStringError(error, "cannot read folder %s: %s", folder.c_str(),
                                   error.message().c_str());
  std::sort(found.begin(), found.end());
  return found;
}

namespace {

struct DroppedWord {
  uint32_t bit;
  const char *text;
  int counter = -1; // index into FileHeader::dropped, of what the text speaks of
};

/// What is missing from the record, by bit of FileHeader::incomplete. Only what can hide a finding is a
/// warning.
constexpr DroppedWord kIncompleteWords[] = {
    {kIncompleteHistory,
     "the trace reached its size limit (raise `history`): later events were not recorded"},
    {kIncompleteNodes,
     "some combinations of held locks were seen too often in one place and not all recorded"},
    {kIncompleteContexts,
     "too many calling contexts: some stacks are those of another call of the same line"},
    {kIncompleteLocks, "too many locks: some were not tracked", kDroppedLocks},
    {kIncompleteThreads, "too many threads at once: some were not tracked", kDroppedThreads},
    {kIncompleteHeld, "a thread held more locks at once than are tracked: acquisitions left out",
     kDroppedHeld},
    {kIncompleteOrder, "some hand-offs between threads were not recorded", kDroppedOrder},
    {kIncompleteModules, "too many modules: some stacks have no symbols"},
    {kIncompleteHooks, "some functions of the C library could not be watched"},
    {kIncompleteDisabled, "recording was switched off after an internal error"},
};

} // namespace

std::vector<Notification> lossesOf(const TraceFile &file) {
  std::vector<Notification> notes;
  std::string who = "process " + std::to_string(file.header().pid);
  auto say = [&](Level level, const std::string &text) { notes.push_back({level, who + ": " + text, {}}); };
  const Damage &damage = file.damage();
  if (damage.missingBytes)
    say(Level::Warning, "the trace " + file.path() + " is cut short; " + std::to_string(damage.missingBytes) +
                            " bytes of it are missing and what was written there is not in this report");
  if (damage.badChunks || damage.cutChunks)
    say(Level::Warning, "the trace " + file.path() + " is damaged; " +
                            std::to_string(damage.badChunks + damage.cutChunks) +
                            " parts of it could not be read to their end");
  constexpr uint32_t kHarmless =
      kIncompleteNodes | kIncompleteContexts | kIncompleteModules | kIncompleteOrder;
  for (const DroppedWord &word : kIncompleteWords)
    if (file.header().incomplete & word.bit) {
      const uint64_t count = word.counter < 0 ? 0 : file.header().dropped[word.counter];
      say(word.bit & kHarmless ? Level::Note : Level::Warning,
          count ? std::string(word.text) + " (" + std::to_string(count) + ")" : word.text);
    }
  return notes;
}

} // namespace gordian::trace
