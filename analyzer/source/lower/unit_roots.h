// SPDX-License-Identifier: MIT
//
// Which declarations a unit starts from: everything that the user's files define, instantiations of the
// user's templates included. What those refer to is added as it is met. Declarations of system headers are
// not walked.
#ifndef GORDIAN_SOURCE_LOWER_UNIT_ROOTS_H
#define GORDIAN_SOURCE_LOWER_UNIT_ROOTS_H

#include "source/lower/unit_context.h"

namespace gordian::lower {

/// Enters the roots, then lowers bodies until none is left.
void lowerEverything(UnitContext &unit);

} // namespace gordian::lower

#endif
