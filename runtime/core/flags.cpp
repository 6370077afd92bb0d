// SPDX-License-Identifier: MIT
#include "core/flags.h"

#include "core/print.h"

namespace gordian::runtime {

constinit Flags options;

namespace {

struct Slice {
  const char *begin;
  size_t size;
  bool is(const char *s) const { return strlen(s) == size && memcmp(s, begin, size) == 0; }
};

bool set(Bool &to, Slice v) {
  if (v.is("1") || v.is("true") || v.is("yes") || v.size == 0)
    return to = true;
  to = false;
  return v.is("0") || v.is("false") || v.is("no");
}

bool set(Number &to, Slice v) {
  uint64_t n = 0;
  size_t i = 0;
  for (; i < v.size && v.begin[i] >= '0' && v.begin[i] <= '9'; i++) {
    if (n > (UINT64_MAX >> 1) / 10)
      return false;
    n = n * 10 + uint64_t(v.begin[i] - '0');
  }
  if (i == 0)
    return false;
  unsigned shift = 0;
  if (i + 1 == v.size) {
    const char unit = v.begin[i++];
    shift = unit == 'k' ? 10 : unit == 'M' ? 20 : unit == 'G' ? 30 : 0;
    if (!shift || n > UINT64_MAX >> shift)
      return false;
  }
  if (i != v.size)
    return false;
  to = n << shift;
  return true;
}

bool set(Text &to, Slice v) {
  if (v.size >= Text::kCapacity)
    return false;
  memcpy(to.value, v.begin, v.size);
  to.value[v.size] = 0;
  return true;
}

/// False: no such key. `valid`: the value could be read.
bool setByName(Flags &to, Slice key, Slice value, bool &valid) {
#define FLAG(type, name, initial, help)                                                                      \
  if (key.is(#name)) {                                                                                       \
    type parsed = to.name;                                                                                   \
    valid = set(parsed, value);                                                                              \
    if (valid)                                                                                               \
      to.name = parsed;                                                                                      \
    return true;                                                                                             \
  }
#include "core/flags.def"
  return false;
}

/// The value from `p` on, up to a colon or its closing quote; moves `p` behind it.
Slice readValue(const char *&p) {
  if (*p == '\'' || *p == '"') {
    const char quote = *p++;
    const char *begin = p;
    while (*p && *p != quote)
      p++;
    Slice v = {begin, size_t(p - begin)};
    p += *p == quote;
    return v;
  }
  const char *begin = p;
  while (*p && *p != ':')
    p++;
  return {begin, size_t(p - begin)};
}

} // namespace

void parseFlags(const char *text, Flags &to, void (*complain)(const char *line)) {
  for (const char *p = text; p && *p;) {
    if (*p == ':' || *p == ' ' || *p == '\n') {
      p++;
      continue;
    }
    Slice key = {p, 0};
    while (*p && *p != '=' && *p != ':')
      p++;
    key.size = size_t(p - key.begin);
    Slice value = {p, 0};
    if (*p == '=')
      value = readValue(++p);
    // report=FORMAT:PATH is written without quotes by everybody: its colon belongs to the value.
    if (key.is("report") && *p == ':' && value.size && value.begin + value.size == p) {
      while (*p && (*p != ':' || p == value.begin + value.size))
        p++;
      value.size = size_t(p - value.begin);
    }
    bool valid = true;
    Line line;
    if (!setByName(to, key, value, valid))
      complain(line.text("GORDIAN_OPTIONS: there is no option \"")
                   .text(key.begin, key.size)
                   .text("\", it is ignored (help=1 lists them)")
                   .c_str());
    else if (!valid)
      complain(line.text("GORDIAN_OPTIONS: \"")
                   .text(value.begin, value.size)
                   .text("\" is no value for ")
                   .text(key.begin, key.size)
                   .text(", it is ignored (help=1 lists what is)")
                   .c_str());
  }
}

void printFlags(void (*line)(const char *text)) {
#define FLAG(type, name, initial, help) line("  " #name " (" #type "): " help);
#include "core/flags.def"
}

} // namespace gordian::runtime
