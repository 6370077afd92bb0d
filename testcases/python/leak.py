# SPDX-License-Identifier: MIT
# A worker returns early with its Lock still acquired.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1; test $? -eq 66
# RUN: %FileCheck %s < %t.out
import threading

lock = threading.Lock()


def store(value):
    lock.acquire()  # CHECK: leak.py:[[@LINE]]:{{.*}}`lock`{{.*}}[lock-leak]
    if value is None:
        return
    lock.release()


for value in (1, None):
    t = threading.Thread(target=store, args=(value,))
    t.start()
    t.join()
