# SPDX-License-Identifier: MIT
"""Ratios that survive a noisy machine: the variants are measured in turn, round by round, within one run, and what is
reported is the median over the rounds of (variant / native in the same round), with the quartiles beside it.

A measurement is a function of the variant's environment that returns {quantity: number}.
"""
import os
import re
import statistics
import subprocess
import tempfile


def clean_environment(**more):
    kept = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "GORDIAN_OPTIONS")}
    return kept | more


def preload_environment(build, traces):
    """A bare preload, as a user who does not go through `gordian run` sets it."""
    library = os.path.join(os.path.abspath(build), "lib", "libgordian.so")
    if not os.path.exists(library):
        raise SystemExit(f"no {library}: build first (./dev build)")
    return clean_environment(LD_PRELOAD=library, GORDIAN_OPTIONS=f"trace_dir={traces}")


def cpu_seconds(pid):
    """User and system time that a running process has used."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compare(measure, build, rounds):
    """{quantity: [ratio of each round]} and the native medians, after one unmeasured warm-up of each variant."""
    ratios, natives = {}, {}
    with tempfile.TemporaryDirectory() as traces:
        native, preload = clean_environment(), preload_environment(build, traces)
        measure(native), measure(preload)
        for index in range(rounds):
            order = [native, preload] if index % 2 == 0 else [preload, native]
            first, second = measure(order[0]), measure(order[1])
            plain, traced = (first, second) if index % 2 == 0 else (second, first)
            for name, value in plain.items():
                natives.setdefault(name, []).append(value)
                ratios.setdefault(name, []).append(traced[name] / value)
    return ratios, {name: statistics.median(values) for name, values in natives.items()}


def quartiles(values):
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def print_table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


def version(*command):
    """The version number in what a program says of itself."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except OSError:
        return "missing"
    number = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return number.group() if number else "?"
