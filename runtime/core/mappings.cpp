// SPDX-License-Identifier: MIT
#include "core/mappings.h"

#include "core/sys.h"

#include <cstring>
#include <fcntl.h>

namespace gordian::runtime {

namespace {

uint64_t number(const char *&p, unsigned base) {
  uint64_t value = 0;
  for (;; p++) {
    const unsigned digit = *p >= '0' && *p <= '9'   ? unsigned(*p - '0')
                           : *p >= 'a' && *p <= 'f' ? unsigned(*p - 'a') + 10
                                                    : 16;
    if (digit >= base)
      return value;
    value = value * base + digit;
  }
}

bool skip(const char *&p, char c) {
  return *p == c && p++;
}

} // namespace

// 7f0c1e000000-7f0c1e001000 rw-s 00000000 00:01 1234  /dev/zero (deleted)
bool parseMapping(const char *p, Mapping &out) {
  out.begin = number(p, 16);
  if (!skip(p, '-'))
    return false;
  out.end = number(p, 16);
  if (!skip(p, ' ') || strnlen(p, 5) < 5)
    return false;
  out.shared = p[3] == 's';
  p += 5;
  out.offset = number(p, 16);
  if (!skip(p, ' '))
    return false;
  out.device = number(p, 16) << 32;
  if (!skip(p, ':'))
    return false;
  out.device |= number(p, 16);
  if (!skip(p, ' '))
    return false;
  out.inode = number(p, 10);
  return true;
}

bool mappingAt(uintptr_t address, Mapping &out) {
  const long fd = systemCall(SYS_openat, AT_FDCWD, long("/proc/self/maps"), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  char text[4096 + 1];
  size_t kept = 0;
  bool found = false;
  while (!found) {
    const long size = systemCall(SYS_read, fd, long(text + kept), long(sizeof(text) - 1 - kept));
    if (size <= 0)
      break;
    kept += size_t(size);
    text[kept] = 0;
    char *line = text;
    for (char *end; !found && (end = strchr(line, '\n')); line = end + 1)
      found = parseMapping(line, out) && out.begin <= address && address < out.end;
    kept = size_t(text + kept - line);
    if (kept == sizeof(text) - 1)
      break; // a line longer than any
    memmove(text, line, kept);
  }
  systemCall(SYS_close, fd);
  return found;
}

} // namespace gordian::runtime
