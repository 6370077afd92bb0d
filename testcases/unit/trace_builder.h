// SPDX-License-Identifier: MIT
//
// Writes trace files in memory, record by record, as the runtime would, for tests of what reads them.
#ifndef GORDIAN_TESTCASES_UNIT_TRACE_BUILDER_H
#define GORDIAN_TESTCASES_UNIT_TRACE_BUILDER_H

#include "trace/format.h"
#include "trace/reader.h"

#include <cstring>
#include <string>
#include <vector>

namespace gordian::test {

using namespace gordian::trace;

class TraceBuilder {
public:
  explicit TraceBuilder(uint32_t pid = 100) {
    header.magic = kMagic;
    header.version = kVersion;
    header.headerSize = sizeof(FileHeader);
    header.pid = pid;
    header.nonce = pid;
    header.waitTableOffset = kWaitTableOffset;
    header.waitSlots = kWaitSlots;
    header.waitSlotSize = sizeof(WaitSlot);
    header.chunkBase = kChunkBase;
    header.chunkSize = kChunkSize;
    bytes.assign(kChunkBase, 0);
  }

  FileHeader header{};

  /// Appends a record with what follows it; the header's size and kind are filled in. Returns its reference.
  template <typename Record>
  Ref add(RecordKind kind, Record record, const std::string &tail = "", uint8_t flags = 0) {
    size_t size = (sizeof(Record) + tail.size() + 7) / 8 * 8;
    if (header.chunks == 0 || used + size > kChunkSize)
      newChunk();
    record.header = {uint16_t(size / 8), flags, kind};
    size_t at = kChunkBase + size_t(header.chunks - 1) * kChunkSize + used;
    std::memcpy(&bytes[at], &record, sizeof record);
    std::memcpy(&bytes[at + sizeof record], tail.data(), tail.size());
    used += size;
    return offsetRef(at);
  }
  template <typename Record>
  Record *at(Ref ref) {
    return reinterpret_cast<Record *>(&bytes[refOffset(ref)]);
  }

  Ref string(const std::string &text) {
    return add(RecordKind::String, StringRecord{{}, uint32_t(text.size())}, text);
  }
  /// A context whose frames are known by name, one `function@file:line` for each, so that no binary is
  /// needed.
  Ref place(const std::string &file, const std::string &function, uint32_t line) {
    SourceFrame frame{string(file), string(function), line, 0};
    std::string tail(reinterpret_cast<const char *>(&frame), sizeof frame);
    Ref source = add(RecordKind::SourceStack, SourceStackRecord{{}, 1}, tail, uint8_t(SourceLanguage::C));
    return add(RecordKind::Context, ContextRecord{{}, 0, source, 0, {}});
  }
  void thread(ThreadIndex index, ThreadIndex parent, Epoch parentEpoch, Ref context = kNoRef) {
    add(RecordKind::ThreadStart,
        ThreadStartRecord{{}, index, 1000 + index, parent, parentEpoch, context, 0, 0});
  }
  Ref lock(const std::string &name, ObjectKind kind = ObjectKind::Mutex, uint32_t state = 0,
           uint8_t flags = 0) {
    LockRecord r{};
    r.kind = kind;
    r.address = 0x1000 + 64 * ++locks;
    r.thread = 1;
    r.state = state;
    r.name = string(name);
    return add(RecordKind::Lock, r, "", flags);
  }
  Ref node(ThreadIndex thread, Ref lock, Ref parent, Ref context, Epoch epoch, uint8_t flags = 0) {
    return add(RecordKind::Node, NodeRecord{{}, parent, lock, context, thread, epoch, epoch, 1}, "", flags);
  }
  void instance(Ref node, Epoch epoch, const std::vector<uint32_t> &sequence) {
    std::string tail(reinterpret_cast<const char *>(sequence.data()), sequence.size() * sizeof(uint32_t));
    add(RecordKind::Instance, InstanceRecord{{}, node, epoch, uint32_t(sequence.size())}, tail);
  }
  void order(OrderKind kind, ThreadIndex thread, Epoch epoch, ThreadIndex peer, Epoch peerEpoch,
             Ref object = kNoRef) {
    add(RecordKind::Order, OrderRecord{{}, thread, epoch, object, peer, peerEpoch}, "", uint8_t(kind));
  }
  Ref operation(OperationRecord r, uint8_t flags = 0) {
    if (r.lastEpoch == 0)
      r.lastEpoch = r.firstEpoch;
    return add(RecordKind::Operation, r, "", flags);
  }

  std::string image() const {
    std::string out = bytes;
    std::memcpy(&out[0], &header, sizeof header);
    for (uint32_t c = 0; c < header.chunks; ++c) {
      ChunkHeader chunk{kChunkMagic, c, c + 1 == header.chunks ? uint32_t(used) : kChunkSize, 1};
      std::memcpy(&out[kChunkBase + size_t(c) * kChunkSize], &chunk, sizeof chunk);
    }
    return out;
  }
  TraceFile file() const {
    auto parsed = TraceFile::parse(llvm::MemoryBuffer::getMemBufferCopy(image(), "test.trace"));
    if (!parsed) {
      llvm::errs() << llvm::toString(parsed.takeError()) << "\n";
      std::abort();
    }
    return std::move(*parsed);
  }

private:
  void newChunk() {
    ++header.chunks;
    bytes.resize(kChunkBase + size_t(header.chunks) * kChunkSize, 0);
    used = sizeof(ChunkHeader);
  }

  std::string bytes;
  size_t used = 0;
  uint32_t locks = 0;
};

} // namespace gordian::test

#endif
