// SPDX-License-Identifier: MIT
// A module is loaded, locks in both orders, and is unloaded, many times: told once, though it is gone by then.
// RUN: mkdir -p %t.d
// RUN: %cc -shared -fPIC %S/Inputs/plugin.c -o %t.d/plugin.so
// RUN: %cc -D_GNU_SOURCE -DBOTH -DORDER=1 %s -o %t
// RUN: timeout 60 %run -- %t %t.d/plugin.so > %t.out 2>&1; test $? -eq 66
// RUN: %FileCheck %s < %t.out
// CHECK: plugin.c:{{[0-9]+}}:{{.*}}[lock-order-inversion]
// CHECK: 1 finding
#include "Inputs/module.h"
