# SPDX-License-Identifier: MIT
# A Lock that belongs to nobody: one thread takes it twice, the other's release lets it go on. That it is a
# signal shows only when it is released, here long after the second request.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1
# RUN: %FileCheck %s < %t.out
# CHECK: no findings
import threading
import time

ping = threading.Lock()
pong = threading.Lock()
pong.acquire()


def first():
    for _ in range(3):
        ping.acquire()
        pong.release()


def second():
    for _ in range(3):
        pong.acquire()
        time.sleep(0.2)
        ping.release()


threads = [threading.Thread(target=f) for f in (first, second)]
for t in threads:
    t.start()
for t in threads:
    t.join()
