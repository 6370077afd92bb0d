// SPDX-License-Identifier: MIT
//
// Reading one trace file (trace/format.h has the layout). The file is mapped; nothing in it is trusted. What
// can be read is read: a chunk is walked up to its first impossible record, a reference that names no whole
// record of the wanted kind gives null, and how much was lost is counted, so that the report can say it.
//
// A trace of a running process may be read too: records never change after their commit, and later ones are
// not seen.
#ifndef GORDIAN_TRACE_READER_H
#define GORDIAN_TRACE_READER_H

#include "finding/finding.h"
#include "trace/format.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gordian::trace {

/// What was lost on the way from the disk.
struct Damage {
  uint64_t missingBytes = 0;   // the header promises them, the file ends before
  unsigned badChunks = 0;      // no chunk header where one is due
  unsigned cutChunks = 0;      // walked up to an impossible record
  unsigned pendingRecords = 0; // being written when the process was killed
  bool any() const { return missingBytes || badChunks || cutChunks; }
};

class TraceFile {
public:
  /// The error is one line that names the file: not a trace, another version, shorter than its header.
  static llvm::Expected<TraceFile> open(const std::string &path);
  /// The same for bytes in memory.
  static llvm::Expected<TraceFile> parse(std::unique_ptr<llvm::MemoryBuffer> buffer);

  const FileHeader &header() const { return head; }
  const Damage &damage() const { return lost; }
  const std::string &path() const { return name; }

  /// References of all records of a kind, in the order of the file.
  const std::vector<Ref> &all(RecordKind kind) const { return byKind[size_t(kind)]; }

  /// The record, where `ref` names one of this kind that is large enough for its fixed part; else null.
  template <typename Record>
  const Record *get(Ref ref, RecordKind kind) const {
    static_assert(std::is_trivially_copyable_v<Record>);
    return static_cast<const Record *>(find(ref, kind, sizeof(Record)));
  }
  /// What follows a record's fixed part: at most `count` elements, fewer where the record is smaller.
  template <typename Element, typename Record>
  std::pair<const Element *, size_t> tail(const Record *record, size_t count, size_t skipped = 0) const {
    size_t room = recordBytes(record->header) - sizeof(Record);
    size_t fit = room < skipped ? 0 : (room - skipped) / sizeof(Element);
    return {reinterpret_cast<const Element *>(reinterpret_cast<const char *>(record + 1) + skipped),
            count < fit ? count : fit};
  }
  /// The text of a StringRecord; empty where there is none.
  std::string_view string(Ref ref) const;

  /// The wait table as it is in the file. Slots beyond the file's end are left out.
  std::vector<WaitSlot> waitSlots() const;

private:
  const void *find(Ref ref, RecordKind kind, size_t size) const;
  void walk();
  void walkChunk(uint64_t begin, uint64_t end);

  std::string name;
  std::unique_ptr<llvm::MemoryBuffer> buffer;
  FileHeader head{};
  Damage lost;
  std::vector<bool> starts; // by file offset / 8: a whole record begins here
  std::array<std::vector<Ref>, 256> byKind;
};

/// Does a file begin like a trace?
bool isTrace(std::string_view beginning);

/// The trace files of a folder, sorted by name.
llvm::Expected<std::vector<std::string>> tracesIn(const std::string &folder);

/// What the header says was dropped while recording, and what reading lost, for the reader of a report.
std::vector<Notification> lossesOf(const TraceFile &file);

} // namespace gordian::trace

#endif
