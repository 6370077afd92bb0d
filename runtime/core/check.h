// SPDX-License-Identifier: MIT
//
// A failed invariant must not hurt the program: it switches recording off with one line on stderr, and every
// hook is a plain forwarder from then on.
#ifndef GORDIAN_CORE_CHECK_H
#define GORDIAN_CORE_CHECK_H

namespace gordian::runtime {

/// False once recording was switched off (or not yet on).
extern bool recording;

/// Says why, once, and switches recording off.
void giveUp(const char *why);

} // namespace gordian::runtime

/// Evaluates to the condition; where it is false, recording is off afterwards.
#define GORDIAN_CHECK(condition)                                                                             \
  (__builtin_expect(!!(condition), 1) || (::gordian::runtime::giveUp(#condition), false))

#endif
