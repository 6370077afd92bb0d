// SPDX-License-Identifier: MIT
//
// Summaries of all functions, callees first.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_SUMMARISE_H
#define GORDIAN_SOURCE_LINK_SUMMARY_SUMMARISE_H

#include "source/link/summary/context.h"

namespace gordian::link {

void summariseAll(Context &context);

} // namespace gordian::link

#endif
