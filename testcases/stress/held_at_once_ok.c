// SPDX-License-Identifier: MIT
// One thread holds very many locks at once. Another takes the first and the last, in the same order.
// RUN: %cc -D_GNU_SOURCE %s -o %t
// RUN: timeout 60 %run -- %t > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "Inputs/held_at_once.h"
