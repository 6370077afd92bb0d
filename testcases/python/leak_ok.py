# SPDX-License-Identifier: MIT
# Acquired by one thread, released by another: a Lock that is used as a signal.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1
# RUN: %FileCheck %s < %t.out
# CHECK: no findings
import threading

lock = threading.Lock()


def store(value):
    lock.acquire()
    if value is None:
        return
    lock.release()


for value in (1, None):
    t = threading.Thread(target=store, args=(value,))
    t.start()
    t.join()
    if value is None:
        lock.release()
