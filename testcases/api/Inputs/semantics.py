# SPDX-License-Identifier: MIT
"""Plays scripts on Python's own primitives and on Gordian's, and compares what every call answers.

    semantics.py PROGRAM

A script line is `ACTOR OBJECT METHOD ARGUMENT...`, run in the thread of that name, which answers with one line: the
value or the exception. `ACTOR ~ ...` does not wait for the answer, `ACTOR .` does that later. PROGRAM (semantics.cpp)
reads scripts from its standard input. One script is a table written by hand, with calls that block; the others are
random sequences of calls that do not, over all objects, from three threads.
"""
import queue
import random
import subprocess
import sys
import threading

TABLE = """
# a Lock: not re-entrant, anybody may release it
main lock locked
main lock release
main lock acquire
main lock locked
main lock acquire false
main lock acquire true 0
main lock acquire true 0.001
main lock acquire false 1
main lock acquire true -2
main lock acquire true 1e99
t1 lock acquire false
t1 lock release
main lock release
main lock acquire true -1
t1 ~ lock acquire
main lock release
t1 .
t1 lock release
# an RLock: re-entrant, its owner releases it
main rlock acquire
main rlock acquire true 0
main rlock acquire false
t1 rlock acquire false
t1 rlock release
t1 rlock acquire false 3
main rlock release
main rlock release
t1 rlock acquire true 0
main rlock release
t1 ~ rlock acquire true 30
t1 .
main rlock release
t1 rlock acquire false
main rlock acquire true -7
# a condition on an RLock gives up all levels and takes them back
main condition wait
main condition notify
main condition notify_all
main condition acquire
main condition acquire
main condition wait 0
main condition wait 0.001
main condition wait -1
main condition wait 1e99
t1 condition notify
main ~ condition wait
t1 condition acquire
t1 condition notify 0
t1 condition notify 2
t1 condition release
main .
t1 condition acquire false
main condition release
t1 condition acquire false
main condition release
main condition release
# several waiters: as many as notified are woken, first come first
t1 lcondition acquire
t1 ~ lcondition wait
t2 lcondition acquire
t2 ~ lcondition wait
main lcondition acquire
main lcondition notify
main lcondition release
t1 .
t1 lcondition notify
t1 lcondition release
t2 .
t1 lcondition notify
t2 lcondition release
t2 lcondition notify
t2 lcondition wait
# an event
t1 ~ event wait
t2 ~ event wait 30
main event is_set
main event set
t1 .
t2 .
main event wait
main event is_set
main event clear
main event wait 0
main event wait 0.001
main event wait -1
# semaphores
main semaphore acquire
main semaphore acquire
main semaphore acquire false
main semaphore acquire true 0.001
main semaphore acquire true -1
main semaphore acquire false 1
main semaphore release 0
t1 ~ semaphore acquire
main semaphore release
t1 .
main semaphore release 3
main bounded release
main bounded acquire
main bounded release 2
main bounded release
t1 bounded acquire
t1 bounded acquire
t2 ~ bounded acquire
main bounded release
t2 .
# a barrier for two
t1 ~ barrier wait
main barrier abort
t1 .
t1 barrier wait
main barrier broken
main barrier reset
main barrier broken
main barrier n_waiting
main barrier wait 0.001
main barrier broken
main barrier reset
main barrier parties
main single wait
main single wait
# queues
main fifo get false
main fifo get true 0.001
main fifo get true -1
main fifo put 5
main fifo put 6
main fifo put 7 false
main fifo put 7 true 0.001
main fifo put 7 true -1
main fifo full
t1 ~ fifo put 8
main fifo get
t1 .
main fifo qsize
main fifo get
main fifo get
main fifo empty
main fifo task_done
main fifo task_done
t1 ~ fifo join
main fifo task_done
t1 .
main fifo task_done
t1 ~ fifo get
main fifo put 9
t1 .
main lifo put 1 true -1
main lifo put 3
main lifo put 2
main lifo get
main lifo get
main lowest put 3
main lowest put 1
main lowest put 2
main lowest get
main lowest get
main lowest get
main lowest get false
"""

# What random scripts are made of: object -> calls that do not block.
CALLS = {
    "lock": ["acquire false", "acquire true 0", "acquire false", "release", "locked", "acquire true -3"],
    "rlock": ["acquire false", "acquire true 0", "acquire false", "acquire false 1", "release", "release"],
    "condition": ["acquire false", "acquire false", "release", "notify", "notify 3", "notify_all", "wait 0", "wait -1"],
    "lcondition": ["acquire false", "release", "notify", "notify_all", "notify 0"],
    "event": ["set", "clear", "is_set", "wait 0", "wait -1"],
    "semaphore": ["acquire false", "acquire true 0", "acquire true -1", "release", "release 2", "release 0"],
    "bounded": ["acquire false", "acquire true 0", "release", "release 2", "acquire false 1"],
    "barrier": ["wait 0", "abort", "reset", "broken", "n_waiting"],
    "single": ["wait", "wait 0", "abort", "reset", "broken", "n_waiting"],
    "fifo": ["put 1 false", "put 2 false", "put 3 true 0", "get false", "get true 0", "get true -1", "task_done",
             "qsize", "empty", "full"],
    "lifo": ["put 1 false", "put 2 false", "put 3 false", "get false", "get false", "task_done", "qsize"],
    "lowest": ["put 1 false", "put 2 false", "put 3 false", "get false", "get false", "task_done", "qsize"],
}


def objects():
    return {
        "lock": threading.Lock(), "rlock": threading.RLock(), "condition": threading.Condition(),
        "lcondition": threading.Condition(threading.Lock()), "event": threading.Event(),
        "semaphore": threading.Semaphore(2), "bounded": threading.BoundedSemaphore(2),
        "barrier": threading.Barrier(2), "single": threading.Barrier(1),
        "fifo": queue.Queue(2), "lifo": queue.LifoQueue(), "lowest": queue.PriorityQueue(),
    }


def number(word):
    return {"true": True, "false": False}[word] if word in ("true", "false") else (
        float(word) if "." in word or "e" in word else int(word))


def call(target, method, words):
    try:
        value = getattr(target, method)
        if callable(value):
            value = value(*map(number, words))
    except Exception as error:
        text = str(error)
        return type(error).__name__ + (": " + text if text else "")
    return str(value)


def comparable(answer):
    """What Python says of a bad time limit changes from version to version."""
    head, _, tail = answer.partition(": ")
    return head if tail.startswith(("timeout value must be", "timeout value is", "timestamp too large")) else answer


class Actor(threading.Thread):
    """Makes the calls it is sent, one after another."""

    def __init__(self):
        super().__init__(daemon=True)
        self.todo, self.answers = queue.SimpleQueue(), queue.SimpleQueue()
        self.start()

    def run(self):
        while True:
            self.answers.put(call(*self.todo.get()))


def play(script):
    things, actors, answers = objects(), {name: Actor() for name in ("main", "t1", "t2")}, []
    for line in script.splitlines():
        words = line.split()
        if not words or words[0] == "#":
            continue
        actor, rest = actors[words[0]], words[1:]
        later = rest[0] == "~"
        if rest[0] != ".":
            name, method, *arguments = rest[1:] if later else rest
            actor.todo.put((things[name], method, arguments))
        if not later:
            answers.append(f"{line} -> {actor.answers.get()}")
    return answers


def random_script(seed):
    rng = random.Random(seed)
    lines = []
    for _ in range(400):
        name = rng.choice(list(CALLS))
        lines.append(f"{rng.choice(['main', 't1', 't2'])} {name} {rng.choice(CALLS[name])}")
    return "\n".join(lines) + "\n"


def main():
    different = calls = 0
    for script in [TABLE] + [random_script(seed) for seed in range(40)]:
        theirs = play(script)
        done = subprocess.run([sys.argv[1]], input=script, capture_output=True, text=True, timeout=60)
        ours = done.stdout.splitlines()
        calls += len(theirs)
        if done.returncode != 0 or len(ours) != len(theirs):
            sys.exit(f"{sys.argv[1]} ended with {done.returncode} after {len(ours)} of {len(theirs)} answers: "
                     f"{done.stderr}")
        for a, b in zip(theirs, ours):
            if comparable(a) != comparable(b):
                different += 1
                if different < 20:
                    print(f"Python: {a}\n  ours: {b}")
    print(f"{calls} calls, {different} answered differently")
    sys.exit(different > 0)


main()
