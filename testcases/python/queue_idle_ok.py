# SPDX-License-Identifier: MIT
# SimpleQueue takes its own lock twice to wait; executors do that while they are idle.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1
# RUN: %FileCheck %s < %t.out
# CHECK: no findings
import concurrent.futures
import time

with concurrent.futures.ThreadPoolExecutor(2) as executor:
    executor.submit(abs, -1).result()
    time.sleep(0.4)
    executor.submit(abs, -2).result()
