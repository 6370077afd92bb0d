# SPDX-License-Identifier: MIT
# The loop before the second order counts for itself.
# RUN: timeout 60 %run -- %python %s > %t.out 2>&1; test $? -eq 66
# RUN: %FileCheck %s < %t.out
import threading

a = threading.Lock()
b = threading.Lock()
count = 0
memory = [0]


def nested():
    return memory[0]


def first():
    global count
    with a:
        with b:  # CHECK-DAG: flag_polled.py:[[@LINE]]
            pass
    count = 1
    memory[0] = 1


def second():
    while not nested():  # keeps this run from hanging, and is no order that anybody could see
        pass
    count = 0
    while count < 3:
        count += 1
    with b:
        with a:  # CHECK-DAG: flag_polled.py:[[@LINE]]
            pass


one = threading.Thread(target=first)
two = threading.Thread(target=second)
one.start()
two.start()
one.join()
two.join()
# CHECK-DAG: [lock-order-inversion]
