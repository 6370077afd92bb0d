#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What libgordian.so costs an uncontended std::mutex lock and unlock. `lock_overhead.py BUILD [--rounds N]`

Runs lock_overhead (ninja bench_programs) in turn with and without the preload and prints, for each shape, the native
time and the ratio (median and quartiles over the rounds). Exits with 1 where the targets of docs/design.md are missed:
median of the shapes above 1.35, or a shape above 1.5.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

from interleave import compare, print_table, quartiles

TARGET_MEDIAN, TARGET_WORST = 1.35, 1.5


def measurement(program, seconds):
    """{shape: nanoseconds of one lock and unlock}; the best of a few short runs, which a busy machine disturbs least."""
    def measure(environment):
        done = subprocess.run([program, f"--benchmark_min_time={seconds}", "--benchmark_repetitions=5",
                               "--benchmark_format=json"], env=environment, capture_output=True, text=True, check=True)
        best = {}
        for run in json.loads(done.stdout)["benchmarks"]:
            if run["run_type"] == "iteration":
                shape = run["run_name"].removeprefix("lockUnlock/")
                pair = 1e9 / run["items_per_second"]
                best[shape] = min(pair, best.get(shape, pair))
        return best
    return measure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.02, help="for each of five runs of a shape")
    arguments = parser.parse_args()
    program = os.path.join(arguments.build, "testcases", "bench", "lock_overhead")
    if not os.path.exists(program):
        sys.exit(f"no {program}: build it first (ninja bench_programs)")
    ratios, natives = compare(measurement(program, arguments.seconds), arguments.build, arguments.rounds)
    medians = []
    rows = []
    for shape, values in ratios.items():
        low, middle, high = quartiles(values)
        medians.append(middle)
        rows.append((shape, f"{natives[shape]:.1f}", f"{middle:.2f}", f"{low:.2f} .. {high:.2f}"))
    print_table(("shape", "native ns", "ratio", "quartiles"), rows)
    median, worst = statistics.median(medians), max(medians)
    print(f"\nmedian of the shapes {median:.2f} (target {TARGET_MEDIAN}), worst {worst:.2f} (target {TARGET_WORST})")
    return 1 if median > TARGET_MEDIAN or worst > TARGET_WORST else 0


if __name__ == "__main__":
    sys.exit(main())
