// SPDX-License-Identifier: MIT
//
// What start and end of the runtime need of process_hooks.cpp.
#ifndef GORDIAN_HOOKS_PROCESS_H
#define GORDIAN_HOOKS_PROCESS_H

namespace gordian::runtime {

/// Once, at start.
void prepareProcess();

/// The library's destructor: exit, or the end of main.
void endProcess();

} // namespace gordian::runtime

#endif
