// SPDX-License-Identifier: MIT
//
// Included before everything else in what lives inside the program (CMakeLists.txt): where the compiler makes
// a call of memcpy or memset out of our code, it is ThreadSanitizer's own plain one and not its interceptor,
// which would take the predictor's memory for the program's.
#ifndef GORDIAN_INSTRUMENT_PREDICT_BUILTINS_H
#define GORDIAN_INSTRUMENT_PREDICT_BUILTINS_H

__asm__(".set memcpy, __sanitizer_internal_memcpy\n"
        ".set memmove, __sanitizer_internal_memmove\n"
        ".set memset, __sanitizer_internal_memset\n");

#endif
