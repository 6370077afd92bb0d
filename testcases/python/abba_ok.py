# SPDX-License-Identifier: MIT
# Two threads, one order.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1
# RUN: %FileCheck %s < %t.out
# CHECK: no findings
import threading
import time

stock = threading.Lock()
orders = threading.Lock()


def sell():
    with stock:
        with orders:
            pass


def refund():
    time.sleep(0.1)
    with stock:
        with orders:
            pass


threads = [threading.Thread(target=f) for f in (sell, refund)]
for t in threads:
    t.start()
for t in threads:
    t.join()
