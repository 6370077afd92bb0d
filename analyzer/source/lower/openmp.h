// SPDX-License-Identifier: MIT
//
// OpenMP directives: their code is lowered in place, and a critical section is a pair of the runtime calls
// that a compiler makes of it (GOMP_critical_name_start / _end, with the section's name), so that tables can
// say what it is. May miss: which threads run a parallel region.
#ifndef GORDIAN_SOURCE_LOWER_OPENMP_H
#define GORDIAN_SOURCE_LOWER_OPENMP_H

#include "source/lower/body.h"

namespace gordian::lower {

void lowerOpenMP(Body &b, const clang::OMPExecutableDirective *s);

} // namespace gordian::lower

#endif
