// SPDX-License-Identifier: MIT
// Threads take neighbours of a ring of locks, each a pair of its own. The ring is closed: one circle through all of them.
// RUN: %cc -D_GNU_SOURCE -DINVERTED %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include "Inputs/ring.h"
