// SPDX-License-Identifier: MIT
//
// Text for a report: a buffer that is cut where it is full, and written by one system call.
#ifndef GORDIAN_INSTRUMENT_PREDICT_TEXT_H
#define GORDIAN_INSTRUMENT_PREDICT_TEXT_H

#include <cstddef>
#include <cstdint>
#include <sys/syscall.h>
#include <unistd.h>

namespace gordian::predict {

inline bool sameText(const char *a, const char *b) {
  while (*a && *a == *b)
    a++, b++;
  return *a == *b;
}

class Text {
public:
  void clear() { size_ = 0; }
  Text &add(const char *text) {
    while (*text && size_ < kRoom)
      buffer_[size_++] = *text++;
    return *this;
  }
  Text &add(uint64_t number) { return addDigits(number, 10); }
  Text &addHex(uint64_t number) { return add("0x").addDigits(number, 16); }
  void writeTo(int file) const {
    for (size_t done = 0; done < size_;) {
      const long wrote = syscall(SYS_write, file, buffer_ + done, size_ - done);
      if (wrote <= 0)
        return;
      done += size_t(wrote);
    }
  }

private:
  static constexpr size_t kRoom = 1 << 16;

  Text &addDigits(uint64_t number, unsigned base) {
    char digits[21];
    int at = 20;
    digits[at] = 0;
    do
      digits[--at] = "0123456789abcdef"[number % base];
    while (number /= base);
    return add(digits + at);
  }

  size_t size_ = 0;
  char buffer_[kRoom];
};

} // namespace gordian::predict

#endif
