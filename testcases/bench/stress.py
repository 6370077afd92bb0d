#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The programs of testcases/stress at full size: do they end as they do natively, and what does watching them take?
`stress.py BUILD [NAME...]`

Each is run natively and under a bare preload; the trace is then reported on. Exits with 1 where an exit status differs or
the report does not say what it should.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

from interleave import clean_environment, preload_environment, print_table

HERE = os.path.dirname(os.path.abspath(__file__))
STRESS = os.path.join(os.path.dirname(HERE), "stress")
# name, arguments, what they mean, exit status of the report, and what it has to say
RUNS = [
    ("many_threads", ["10000", "100"], "10,000 threads, 100 at once", 1, "[lock-order-inversion]"),
    ("many_threads_ok", ["10000", "100"], "10,000 threads, 100 at once", 0, "no findings"),
    ("many_locks", ["1000000"], "1,000,000 locks", 1, "[lock-order-inversion]"),
    ("many_locks_ok", ["1000000"], "1,000,000 locks", 0, "no findings"),
    ("held_at_once", ["300", "1000"], "300 held at once", 1, "[lock-order-inversion]"),
    ("held_at_once_ok", ["300", "1000"], "300 held at once", 0, "no findings"),
    ("held_at_once_ok", ["5000", "10"], "5,000 held at once: more than are tracked", 0, "held more locks at once"),
    ("ring", ["50"], "a circle of 50 locks and threads", 1, "50 threads can block"),
    ("ring_ok", ["50"], "an open ring of 50", 0, "no findings"),
]


def measured(command, environment):
    """(exit status, seconds, peak memory in KiB, output)"""
    with tempfile.TemporaryFile(mode="w+") as output:
        start = time.monotonic()
        child = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return child.returncode, seconds, used.ru_maxrss, output.read()


def run_one(build, folder, row):
    name, arguments, what, expected, words = row
    program = os.path.join(folder, name)
    inverted = [] if name.endswith("_ok") else ["-DINVERTED"]
    subprocess.run(["cc", "-std=gnu17", "-D_GNU_SOURCE", *inverted, "-g", "-O1", "-pthread",
                    os.path.join(STRESS, f"{name}.c"), "-o", program], check=True)
    command = [program, *arguments]
    native = measured(command, clean_environment())
    with tempfile.TemporaryDirectory() as traces:
        watched = measured(command, preload_environment(build, traces))
        files = [os.path.join(traces, file) for file in os.listdir(traces)]
        size = sum(os.path.getsize(file) for file in files)
        report = measured([os.path.join(build, "bin", "gordian"), "report", *files], clean_environment())
    good = native[0] == watched[0] == 0 and report[0] == expected and words in report[3]
    return good, (f"`{name}`", what, "as expected" if good else f"status {native[0]}, {watched[0]}, report {report[0]}",
                  f"{native[1]:.2f}", f"{watched[1]:.2f}", f"{native[2] / 1024:.0f}", f"{watched[2] / 1024:.0f}",
                  f"{size / (1 << 20):.1f}", f"{report[1]:.1f}", f"{report[2] / 1024:.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder")
    parser.add_argument("names", nargs="*", help="only these programs")
    arguments = parser.parse_args()
    build = os.path.abspath(arguments.build)
    with tempfile.TemporaryDirectory() as folder:
        results = [run_one(build, folder, row) for row in RUNS if not arguments.names or row[0] in arguments.names]
    print_table(("program", "what", "outcome", "native s", "watched s", "native MiB", "watched MiB", "trace MiB", "report s",
                 "report MiB"), [row for _, row in results])
    return 0 if all(good for good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
