# SPDX-License-Identifier: MIT
# The same request, but nobody is left who could release the Lock.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1; test $? -eq 66
# RUN: %FileCheck %s < %t.out
import threading

ping = threading.Lock()


def first():
    for _ in range(3):
        ping.acquire()  # CHECK-DAG: lock_as_signal.py:[[@LINE]]


t = threading.Thread(target=first)
t.start()
t.join()
# CHECK-DAG: [deadlock]
