// SPDX-License-Identifier: MIT
//
// Whether every number in a unit refers to something that exists. Readers end with it, so that the link may
// trust what it gets, whatever was in the file.
#ifndef GORDIAN_SOURCE_IR_VERIFY_H
#define GORDIAN_SOURCE_IR_VERIFY_H

#include "source/ir/ir.h"

#include <string>

namespace gordian::ir {

/// "" if the unit is well-formed, else one sentence on the first problem.
std::string verify(const Unit &unit);

} // namespace gordian::ir

#endif
