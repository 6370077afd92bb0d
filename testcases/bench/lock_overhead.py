#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What libgordian.so costs a lock operation. `lock_overhead.py BUILD [--rounds N] [--others]`

Runs lock_overhead (ninja bench_programs) in turn with and without the preload, pinned, and prints for each shape the
native time and the ratio (median and quartiles over the rounds); then the start-up cost and the growth of the trace.
With --others beside it: ThreadSanitizer, LLVM's dyndd, Helgrind and DRD on some of the shapes, where they are
installed and run to their end. Exits with 1 where a target is missed:
  free mutexes (lockUnlock)   median of the shapes at most 1.35, none above 1.5
  contended                   throughput at least 0.95 of native
  start-up                    less than 20 ms
  trace                       no growth by repeated acquisitions
"""
import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from interleave import clean_environment, compare, preload_environment, print_table, quartiles

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET_MEDIAN, TARGET_WORST, TARGET_CONTENDED, TARGET_START = 1.35, 1.5, 1 / 0.95, 0.020
FREE = "lockUnlock/"


def measurement(command, seconds, repetitions=5, chosen=".", strict=True):
    """{shape: nanoseconds of one operation}; the best of a few short runs, which a busy machine disturbs least. A run
    that fails is an error, or, where not strict, has no figures."""
    def measure(environment):
        done = subprocess.run([*command, f"--benchmark_min_time={seconds}", f"--benchmark_repetitions={repetitions}",
                               f"--benchmark_filter={chosen}", "--benchmark_format=json"],
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=strict)
        best = {}
        if done.returncode != 0:
            return best
        for run in json.loads(done.stdout)["benchmarks"]:
            if run["run_type"] == "iteration":
                shape = run["run_name"].removesuffix("/real_time").replace("/real_time/", "/")
                one = 1e9 / run["items_per_second"]
                best[shape] = min(one, best.get(shape, one))
        return best
    return measure


def pinned(program):
    """On two processors, where there are two: the contended shapes need them."""
    return ["taskset", "-c", "0,1", program] if shutil.which("taskset") and os.cpu_count() > 1 else [program]


def start_cost(build, rounds):
    """Seconds that the preload adds to a program that does nothing but lock once."""
    def measure(environment):
        start = time.monotonic()
        for _ in range(10):
            subprocess.run(["/usr/bin/python3", "-S", "-c", ""], env=environment, check=True)
        return {"start": (time.monotonic() - start) / 10}
    ratios, natives = compare(measure, build, rounds)
    return (statistics.median(ratios["start"]) - 1) * natives["start"]


def trace_growth(program, build):
    """Bytes that the trace grows by when the same acquisitions are repeated ten times as often."""
    sizes = []
    for iterations in (0.02, 0.2):
        with tempfile.TemporaryDirectory() as traces:
            subprocess.run([program, "--benchmark_filter=lockUnlock/depth:2/locks:2$",
                            f"--benchmark_min_time={iterations}"], env=preload_environment(build, traces),
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            sizes.append(sum(os.path.getsize(os.path.join(traces, name)) for name in os.listdir(traces)))
    return sizes[1] - sizes[0]


def others(program):
    """{tool: {shape: ns}} for tools that are installed; few and short loops, some take a thousand times as long."""
    shapes = "lockUnlock/depth:(1/locks:1|2/locks:2|16/locks:16|1/locks:1000)$|readLock/locks:1$|semaphore$"
    results = {"native": measurement(pinned(program), 0.005, 3, shapes)(clean_environment())}
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("clang++-19"):
            tsan = os.path.join(folder, "tsan")
            subprocess.run(["clang++-19", "-std=c++20", "-O2", "-fsanitize=thread",
                            os.path.join(HERE, "lock_overhead.cpp"), "-o", tsan, "-lbenchmark", "-pthread"], check=True)
            results["ThreadSanitizer"] = measurement(pinned(tsan), 0.005, 3, shapes, strict=False)(
                clean_environment(TSAN_OPTIONS="report_bugs=0"))
            resources = subprocess.run(["clang++-19", "-print-resource-dir"], stdout=subprocess.PIPE, text=True, check=True)
            for library in glob.glob(os.path.join(resources.stdout.strip(), "lib", "*", "libclang_rt.dyndd-x86_64.so")):
                results["dyndd"] = measurement(pinned(program), 0.005, 3, shapes, strict=False)(
                    clean_environment(LD_PRELOAD=library))
        for tool in ("helgrind", "drd") if shutil.which("valgrind") else ():
            results[tool] = measurement(["valgrind", f"--tool={tool}", program], 0.1, 2, shapes, strict=False)(
                clean_environment())
    return results


def print_others(results, ratios):
    tools = [tool for tool in results if tool != "native"]
    rows = []
    for shape, native in results["native"].items():
        ours = statistics.median(ratios[shape])
        cells = [results[tool].get(shape) for tool in tools]
        rows.append((shape, f"{ours:.2f}", *(f"{cell / native:.1f}" if cell else "fails" for cell in cells)))
    print_table(("shape", "Gordian", *tools), rows)


def judge(ratios, start, growth):
    """Prints how the targets are met; True where all are."""
    medians = {shape: statistics.median(values) for shape, values in ratios.items()}
    free = [value for shape, value in medians.items() if shape.startswith(FREE)]
    contended = max(value for shape, value in medians.items() if shape.startswith("contended"))
    checks = [
        ("free mutexes, median of the shapes", statistics.median(free), TARGET_MEDIAN, "{:.2f}"),
        ("free mutexes, worst shape", max(free), TARGET_WORST, "{:.2f}"),
        ("contended, worst ratio", contended, TARGET_CONTENDED, "{:.2f}"),
        ("start-up, seconds", start, TARGET_START, "{:.4f}"),
        ("growth of the trace, bytes", growth, 0, "{}"),
    ]
    print()
    for name, value, target, form in checks:
        print(f"{name}: {form.format(value)} (target {form.format(target)}){'' if value <= target else ' MISSED'}")
    return all(value <= target for _, value, target, _ in checks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.02, help="for each of five runs of a shape")
    parser.add_argument("--others", action="store_true", help="other tools as well")
    arguments = parser.parse_args()
    program = os.path.join(os.path.abspath(arguments.build), "testcases", "bench", "lock_overhead")
    if not os.path.exists(program):
        sys.exit(f"no {program}: build it first (ninja bench_programs)")
    ratios, natives = compare(measurement(pinned(program), arguments.seconds), arguments.build, arguments.rounds)
    rows = []
    for shape, values in ratios.items():
        low, middle, high = quartiles(values)
        rows.append((shape, f"{natives[shape]:.1f}", f"{middle:.2f}", f"{low:.2f} .. {high:.2f}"))
    print_table(("shape", "native ns", "ratio", "quartiles"), rows)
    if arguments.others:
        print()
        print_others(others(program), ratios)
    good = judge(ratios, start_cost(arguments.build, arguments.rounds), trace_growth(program, arguments.build))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
