# SPDX-License-Identifier: MIT
# A method acquires the plain Lock that its caller holds; with a timeout, so that it comes back.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1; test $? -eq 66
# RUN: %FileCheck %s < %t.out
import threading

lock = threading.Lock()


def snapshot():
    if lock.acquire(timeout=0.2):  # CHECK: relock.py:[[@LINE]]:{{.*}}error: `snapshot` acquires `lock`, which its thread already holds{{.*}}[non-reentrant-reacquire]
        lock.release()


def update():
    with lock:
        snapshot()


update()
