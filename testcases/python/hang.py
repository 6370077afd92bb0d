# SPDX-License-Identifier: MIT
# Two Python threads do block each other. The report names the Python lines.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1; test $? -eq 66
# RUN: %FileCheck %s < %t.out
import threading

a = threading.Lock()
b = threading.Lock()
meet = threading.Barrier(2)


def first():
    with a:
        meet.wait()
        with b:  # CHECK-DAG: hang.py:[[@LINE]]
            pass


def second():
    with b:
        meet.wait()
        with a:  # CHECK-DAG: hang.py:[[@LINE]]
            pass


threads = [threading.Thread(target=f) for f in (first, second)]
for t in threads:
    t.start()
for t in threads:
    t.join()
# CHECK-DAG: [deadlock]
