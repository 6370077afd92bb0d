// SPDX-License-Identifier: MIT
//
// ThreadSanitizer's text reports -> facts. A program built by gordian-c++ runs under ThreadSanitizer's own
// runtime; what it finds arrives as text, in a file for each process (log_path=PREFIX gives PREFIX.PID).
//
// Two forms are read. The one that `gordian run` asks for has absolute addresses and no symbols
// (symbolize=0, stack_trace_format="    #%n %p (%m+%o)"): cheap for the program, and our symbolizer knows
// inlined frames and members of globals. The default form, with names and lines, is taken as it stands.
//
// Reports that gordian-c++ predicts have the same form, and "(predicted)" in their title.
//
// Kept: data races of every kind (heap-use-after-free too: an access that races with the free). Dropped: what
// our own rules say better (lock order, double lock, bad unlock, destroy of a locked mutex), thread leaks and
// signal safety, which are no rules of ours; and races without any frame of the user's on either side (may
// miss a race inside a library that has no debug information).
#ifndef GORDIAN_TRACE_TSAN_LOG_H
#define GORDIAN_TRACE_TSAN_LOG_H

#include "facts/facts.h"
#include "trace/symbolize.h"

#include <string_view>

namespace gordian::trace {

struct TsanLog {
  std::vector<facts::ObservedRace> races; // one for each pair of places
  unsigned internal = 0;                  // races that lie in libraries alone
  unsigned unreadable = 0;                // race reports that are cut short or lack a stack
};

TsanLog readTsanLog(std::string_view text, Symbolizer &symbolizer);

/// Does this text begin like a log of ThreadSanitizer?
bool looksLikeTsanLog(std::string_view text);

} // namespace gordian::trace

#endif
