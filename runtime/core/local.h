// SPDX-License-Identifier: MIT
//
// Variables of the fast path that only the library itself uses. -fvisibility=hidden is about definitions:
// where the compiler sees no more than a declaration, it goes through the global offset table, one
// instruction and one register more each time.
#ifndef GORDIAN_CORE_LOCAL_H
#define GORDIAN_CORE_LOCAL_H

#define GORDIAN_LOCAL __attribute__((visibility("hidden")))

#endif
