# SPDX-License-Identifier: MIT
"""A CPython program that locks a lot: four threads that share a counter, a dictionary, a queue and a condition."""
import queue
import threading

ROUNDS = 600_000
counter, table = 0, {}
lock, table_lock = threading.Lock(), threading.RLock()
items = queue.Queue(maxsize=64)
turn = threading.Condition()
done = 0


def count():
    global counter
    for index in range(ROUNDS):
        with lock:
            counter += 1
        with table_lock, table_lock:
            table[index % 97] = index


def produce():
    for index in range(ROUNDS):
        items.put(index)
    items.put(None)


def consume():
    global done
    while items.get() is not None:
        pass
    with turn:
        done += 1
        turn.notify_all()


threads = [threading.Thread(target=target) for target in (count, count, produce, consume)]
for thread in threads:
    thread.start()
with turn:
    turn.wait_for(lambda: done == 1)
for thread in threads:
    thread.join()
print(counter, len(table), done)
