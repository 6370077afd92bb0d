// SPDX-License-Identifier: MIT
//
// Reads the primitive values of DWARF call-frame tables from memory. The tables belong to loaded modules, so
// they are trusted as far as the loader trusts them; `end` still bounds every read.
#ifndef GORDIAN_CORE_DWARF_READER_H
#define GORDIAN_CORE_DWARF_READER_H

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace gordian::runtime {

class DwarfReader {
public:
  DwarfReader(const uint8_t *begin, const uint8_t *end) : p_(begin), end_(end) {}

  const uint8_t *at() const { return p_; }
  const uint8_t *end() const { return end_; }
  bool more() const { return ok_ && p_ < end_; }
  bool ok() const { return ok_; }
  size_t left() const { return size_t(end_ - p_); }
  void skip(uint64_t n) {
    if (n > left())
      fail();
    else
      p_ += n;
  }

  template <class T>
  T fixed() {
    T v = 0;
    if (sizeof(T) > left()) {
      fail();
      return v;
    }
    memcpy(&v, p_, sizeof(T));
    p_ += sizeof(T);
    return v;
  }

  uint64_t unsignedNumber() {
    uint64_t v = 0;
    for (unsigned shift = 0; more(); shift += 7) {
      const uint8_t b = *p_++;
      if (shift < 64)
        v |= uint64_t(b & 0x7f) << shift;
      if (!(b & 0x80))
        return v;
    }
    fail();
    return 0;
  }

  int64_t signedNumber() {
    uint64_t v = 0;
    for (unsigned shift = 0; more();) {
      const uint8_t b = *p_++;
      if (shift < 64)
        v |= uint64_t(b & 0x7f) << shift;
      shift += 7;
      if (!(b & 0x80)) {
        if ((b & 0x40) && shift < 64)
          v |= ~uint64_t(0) << shift;
        return int64_t(v);
      }
    }
    fail();
    return 0;
  }

  /// A pointer in one of the DW_EH_PE_* encodings; `dataBase` is what DW_EH_PE_datarel counts from.
  uintptr_t pointer(uint8_t encoding, uintptr_t dataBase = 0) {
    constexpr uint8_t kOmit = 0xff, kFormat = 0x0f, kRelation = 0x70, kIndirect = 0x80;
    if (encoding == kOmit)
      return 0;
    const auto here = reinterpret_cast<uintptr_t>(p_);
    uintptr_t v = 0;
    switch (encoding & kFormat) {
    case 0x00:
      v = fixed<uintptr_t>();
      break;
    case 0x01:
      v = uintptr_t(unsignedNumber());
      break;
    case 0x02:
      v = fixed<uint16_t>();
      break;
    case 0x03:
      v = fixed<uint32_t>();
      break;
    case 0x04:
      v = uintptr_t(fixed<uint64_t>());
      break;
    case 0x09:
      v = uintptr_t(signedNumber());
      break;
    case 0x0a:
      v = uintptr_t(fixed<int16_t>());
      break;
    case 0x0b:
      v = uintptr_t(intptr_t(fixed<int32_t>()));
      break;
    case 0x0c:
      v = uintptr_t(fixed<int64_t>());
      break;
    default:
      fail();
      return 0;
    }
    if ((encoding & kRelation) == 0x10)
      v += here;
    else if ((encoding & kRelation) == 0x30)
      v += dataBase;
    else if ((encoding & kRelation) != 0)
      fail();
    if (ok_ && (encoding & kIndirect))
      memcpy(&v, reinterpret_cast<const void *>(v), sizeof(v));
    return v;
  }

private:
  void fail() {
    ok_ = false;
    p_ = end_;
  }

  const uint8_t *p_;
  const uint8_t *end_;
  bool ok_ = true;
};

} // namespace gordian::runtime

#endif
