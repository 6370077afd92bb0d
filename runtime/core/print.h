// SPDX-License-Identifier: MIT
//
// One line of text in a fixed buffer, for the few things that a watched process says itself. No stdio, no
// allocation; what does not fit is cut.
#ifndef GORDIAN_CORE_PRINT_H
#define GORDIAN_CORE_PRINT_H

#include "core/sys.h"

#include <cstring>

namespace gordian::runtime {

template <size_t Capacity>
class LineBuffer {
public:
  LineBuffer &text(const char *s) { return text(s, strlen(s)); }
  LineBuffer &text(const char *s, size_t n) {
    if (n > Capacity - 1 - size_)
      n = Capacity - 1 - size_;
    memcpy(data_ + size_, s, n);
    size_ += n;
    data_[size_] = 0;
    return *this;
  }
  LineBuffer &decimal(uint64_t v) { return number(v, 10); }
  LineBuffer &hex(uint64_t v) { return number(v, 16); }
  const char *c_str() const { return data_; }
  size_t size() const { return size_; }
  bool full() const { return size_ == Capacity - 1; }

  /// As one write, so that lines of several threads and processes do not mix.
  void print(int fd = 2) {
    if (full())
      data_[size_ - 1] = '\n';
    else
      text("\n");
    writeAll(fd, data_, size_);
  }

private:
  LineBuffer &number(uint64_t v, unsigned base) {
    char digits[20];
    size_t n = 0;
    do {
      digits[sizeof(digits) - ++n] = "0123456789abcdef"[v % base];
      v /= base;
    } while (v);
    return text(digits + sizeof(digits) - n, n);
  }

  char data_[Capacity] = {};
  size_t size_ = 0;
};
using Line = LineBuffer<1024>;
using PathText = LineBuffer<4096>;

} // namespace gordian::runtime

#endif
