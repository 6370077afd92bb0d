// SPDX-License-Identifier: MIT
//
// What a person calls a lock of a run, best source first:
//   1. the name that the program gave (annotate.h),
//   2. the variable at its address: `g_table_lock`, `table.locks[3]`, `cache.m`,
//   3. the expression in the line that made or first took it, with the class of its root from the debug
//   information:
//      `Account::m` for `from.m`, `Cache::m` for `m` in a member function,
//   4. the place: "mutex created at file:line", "mutex first locked at file:line in f()".
//
// Keys hold no lines and no addresses, so that fingerprints are stable. Two objects of one class share name
// and key: they are two instances of one lock for the reader.
#ifndef GORDIAN_TRACE_LOCK_NAMES_H
#define GORDIAN_TRACE_LOCK_NAMES_H

#include "facts/facts.h"
#include "trace/stacks.h"

namespace gordian::trace {

class LockNames {
public:
  LockNames(const Recording &recording, Stacks &stacks, Symbolizer &symbolizer);

  facts::Lock lock(uint32_t number);
  Subject subject(uint32_t number);

private:
  Subject build(uint32_t number);
  bool fromVariable(uint32_t number, Subject &subject);
  bool fromSource(Place context, const LockInfo &lock, Subject &subject);
  bool qualify(const Stack &stack, const std::string &expression, Subject &s);
  void fromPlace(uint32_t number, Subject &subject);
  std::string_view sourceLine(const Location &location);
  facts::LockKind kindOf(uint32_t number, const Subject &subject);
  bool isStandardSharedMutex(uint32_t number, const Subject &subject);

  const Recording &recording;
  Stacks &stacks;
  Symbolizer &symbolizer;
  std::map<uint32_t, Subject> subjects;
  std::map<std::string, std::vector<std::string>> sources; // lines by file
  std::vector<std::vector<uint32_t>> nodesOfLock;          // a few for each
};

/// "mutex", "rwlock (prefers writers)" ...
const char *kindWord(ObjectKind kind);

} // namespace gordian::trace

#endif
