# SPDX-License-Identifier: MIT
# A plain variable is polled before the second order of the locks; a run shows nothing of it, the source does.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1
# RUN: %FileCheck %s < %t.out
# CHECK: no findings
import threading
import time

a = threading.Lock()
b = threading.Lock()
done = []


def first():
    with a:
        with b:
            pass
    done.append(1)


def second():
    while not done:
        time.sleep(0.002)
    with b:
        with a:
            pass


threads = [threading.Thread(target=f) for f in (second, first)]
for t in threads:
    t.start()
for t in threads:
    t.join()
