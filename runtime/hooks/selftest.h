// SPDX-License-Identifier: MIT
//
// GORDIAN_OPTIONS=selftest=1: what of this process the runtime can see, as a table on stderr. The program is
// not run.
#ifndef GORDIAN_HOOKS_SELFTEST_H
#define GORDIAN_HOOKS_SELFTEST_H

namespace gordian::runtime {

/// Prints the table; returns the exit status: 0 where all that exists is hooked and a trace can be written,
/// else
/// 1. Call it in the library's constructor, when all libraries that come with the program are there.
int selftest();

} // namespace gordian::runtime

#endif
