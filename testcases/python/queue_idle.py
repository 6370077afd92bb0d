# SPDX-License-Identifier: MIT
# A worker waits for a queue that nobody feeds, and is joined.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1; test $? -eq 66
# RUN: %FileCheck %s < %t.out
import queue
import threading

jobs = queue.Queue()


def work():
    while jobs.get() is not None:  # CHECK-DAG: queue_idle.py:[[@LINE]]:
        pass


worker = threading.Thread(target=work)
worker.start()
jobs.put(1)
worker.join()
# CHECK-DAG: error:{{.*}}[deadlock]
