// SPDX-License-Identifier: MIT
// Locals that helpers fill through a pointer belong to one thread, whatever lock is held meanwhile.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
static std::mutex m;
static int sequence;
static bool parse(const char *s, int *type) {
  *type = s[0];
  return s[1] != 0;
}
int add(const char *s) {
  int type;
  std::lock_guard<std::mutex> l(m);
  if (parse(s, &type))
    sequence += type;
  return type;
}
int drop(const char *s) {
  int type;
  std::lock_guard<std::mutex> l(m);
  if (parse(s, &type))
    sequence -= type;
  return type;
}
int show(const char *s) {
  int type;
  parse(s, &type);
  return type;
}
