# SPDX-License-Identifier: MIT
# Two threads take two Locks in opposite orders.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1; test $? -eq 66
# RUN: %FileCheck %s < %t.out
import threading
import time

stock = threading.Lock()
orders = threading.Lock()


def sell():
    with stock:
        with orders:  # CHECK-DAG: abba.py:[[@LINE]]:{{.*}} asks for orders
            pass


def refund():
    time.sleep(0.1)
    with orders:
        with stock:  # CHECK-DAG: abba.py:[[@LINE]]:{{.*}} asks for stock
            pass


threads = [threading.Thread(target=f) for f in (sell, refund)]
for t in threads:
    t.start()
for t in threads:
    t.join()
# CHECK-DAG: are acquired in opposite orders{{.*}}[lock-order-inversion]
