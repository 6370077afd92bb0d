#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `gordian check` costs beside the compiler's own front end. `check_cost.py BUILD COMPILE_COMMANDS_DIR`

On the same compile_commands.json, with the same number of jobs, in turn and within one run:
  syntax   clang -fsyntax-only of each entry, with the entry's own flags
  cold     gordian check with an empty cache
  warm     gordian check again, nothing changed
  touched  gordian check again after a comment was added to one source file (restored afterwards)
Processor time is that of all children; the ratio is to `syntax`, which has no cache to help it.
"""
import argparse
import concurrent.futures
import json
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

from interleave import clean_environment, print_table

CLANG = "/usr/lib/llvm-19/bin/clang"
DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}
DROPPED = {"-c", "-MD", "-MMD", "-MP"}


def syntax_command(entry):
    """The entry's command as a front-end-only run of Clang."""
    arguments = entry.get("arguments") or shlex.split(entry["command"])
    arguments = arguments[1:]
    if arguments and os.path.basename(arguments[0]).startswith(("c++", "g++", "gcc", "cc", "clang")):
        arguments = arguments[1:]  # behind ccache
    kept, skip = [], False
    for argument in arguments:
        if skip or argument in DROPPED_WITH_VALUE:
            skip = not skip
        elif argument not in DROPPED:
            kept.append(argument)
    driver = CLANG if entry["file"].endswith(".c") else CLANG + "++"
    return [driver, "-fsyntax-only", "-w", "-Wno-error", *kept], entry["directory"]


def timed(run):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run()
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def syntax(entries, jobs):
    def one(entry):
        command, directory = syntax_command(entry)
        return subprocess.run(command, cwd=directory, stderr=subprocess.DEVNULL, check=False).returncode

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        failed = sum(status != 0 for status in pool.map(one, entries))
    if failed:
        print(f"{failed} of {len(entries)} units do not parse with clang alone", file=sys.stderr)


def check(gordian, folder, cache, jobs):
    command = [gordian, "check", "-p", folder, "-j", str(jobs), "--format", "json", "-o", os.devnull,
               "--max-failed-units=100%"]
    done = subprocess.run(command, env=clean_environment(XDG_CACHE_HOME=cache), stderr=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr}")


def round_of(gordian, folder, entries, jobs):
    """One round: {variant: (wall, CPU)}."""
    times = {"syntax": timed(lambda: syntax(entries, jobs))}
    touched = os.path.join(entries[0]["directory"], entries[0]["file"])
    with tempfile.TemporaryDirectory() as cache:
        for variant in ("cold", "warm"):
            times[variant] = timed(lambda: check(gordian, folder, cache, jobs))
        with open(touched, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        try:
            with open(touched, "a", encoding="utf-8", errors="surrogateescape") as file:
                file.write("\n// touched\n")
            times["touched"] = timed(lambda: check(gordian, folder, cache, jobs))
        finally:
            with open(touched, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
    return times


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("build")
    options.add_argument("folder", help="with a compile_commands.json")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("-j", dest="jobs", type=int, default=os.cpu_count())
    chosen = options.parse_args()
    with open(os.path.join(chosen.folder, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    gordian = os.path.abspath(os.path.join(chosen.build, "bin", "gordian"))
    rounds = [round_of(gordian, chosen.folder, entries, chosen.jobs) for _ in range(chosen.rounds)]
    rows = []
    for variant in rounds[0]:
        wall = statistics.median(times[variant][0] for times in rounds)
        cpu = statistics.median(times[variant][1] for times in rounds)
        ratio = statistics.median(times[variant][1] / times["syntax"][1] for times in rounds)
        rows.append((variant, f"{wall:.2f} s", f"{cpu:.2f} s", f"{ratio:.3f}"))
    print(f"{len(entries)} units, {chosen.jobs} jobs, median of {chosen.rounds} rounds\n")
    print_table(("variant", "wall", "CPU", "CPU beside syntax"), rows)


if __name__ == "__main__":
    main()
