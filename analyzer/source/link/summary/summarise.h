// SPDX-License-Identifier: MIT
//
// Summaries of all functions, callees first.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_SUMMARISE_H
#define GORDIAN_SOURCE_LINK_SUMMARY_SUMMARISE_H

#include "source/link/summary/context.h"

namespace gordian::link {

/// On `jobs` threads; the outcome does not depend on how many.
void summariseAll(Context &context, unsigned jobs);

} // namespace gordian::link

#endif
