# SPDX-License-Identifier: MIT
# The same with an RLock.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1
# RUN: %FileCheck %s < %t.out
# CHECK: no findings
import threading

lock = threading.RLock()


def snapshot():
    if lock.acquire(timeout=0.2):
        lock.release()


def update():
    with lock:
        snapshot()


update()
