// SPDX-License-Identifier: MIT
// One thread holds very many locks at once. Another takes the last and the first in the other order.
// RUN: %cc -D_GNU_SOURCE -DINVERTED %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: [lock-order-inversion]
#include "Inputs/held_at_once.h"
