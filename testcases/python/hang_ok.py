# SPDX-License-Identifier: MIT
# What the standard library makes of locks: conditions, events, semaphores, queues and barriers are no misuse.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1
# RUN: %FileCheck %s < %t.out
# CHECK: no findings
import queue
import threading

jobs = queue.Queue(maxsize=2)
started = threading.Event()
slots = threading.BoundedSemaphore(2)
turn = threading.Condition()
meet = threading.Barrier(2)
done = []


def worker():
    started.wait()
    meet.wait()
    while True:
        job = jobs.get()
        jobs.task_done()
        if job is None:
            break
        with slots:
            with turn:
                done.append(job)
                turn.notify_all()


threads = [threading.Thread(target=worker) for _ in range(2)]
for t in threads:
    t.start()
started.set()
for i in range(10):
    jobs.put(i)
with turn:
    turn.wait_for(lambda: len(done) == 10)
for _ in threads:
    jobs.put(None)
jobs.join()
for t in threads:
    t.join()
