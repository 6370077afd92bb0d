// SPDX-License-Identifier: MIT
// A module is loaded, locks, and is unloaded, many times: its locks are others each time, whatever their addresses.
// RUN: mkdir -p %t.d
// RUN: %cc -shared -fPIC %S/Inputs/plugin.c -o %t.d/plugin.so
// RUN: %cc -D_GNU_SOURCE -DORDER=i%2 %s -o %t
// RUN: timeout 60 %run -- %t %t.d/plugin.so > %t.out 2>&1; test $? -eq 0
// RUN: %FileCheck %s < %t.out
// CHECK: no findings
#include "Inputs/module.h"
