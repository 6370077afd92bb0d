// SPDX-License-Identifier: MIT
// Threads take neighbours of a ring of locks, each a pair of its own. The last one takes its pair in the other order, so it is open.
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "Inputs/ring.h"
