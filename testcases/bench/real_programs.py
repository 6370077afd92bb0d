#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What libgordian.so does to real programs: servers under load, compressors, interpreters. `real_programs.py BUILD [NAME...]`

Each program runs unmodified, as the system's package installs it:
  - once natively and once under `gordian run`: results and exit status must be the same, and what is reported is
    printed, to be judged by hand (docs/field-study.md);
  - then in turn with and without a bare preload, to see what that costs. Servers are judged by throughput and by the
    processor time they spend for one operation (the load generator shares the machine, so throughput alone would
    flatter us); the others by wall and processor time.
Exits with 1 where a result differs. Programs that are not installed are named and left out.
"""
import argparse
import os
import shutil
import statistics
import sys

import batches
import servers
from interleave import print_table, quartiles, version
from workload import variants

# One row a program: name, what must be installed, its workload, how its version is asked for.
PROGRAMS = [
    ("memcached -t 4", "memcached", servers.memcached, ("memcached", "-V")),
    ("redis-server --io-threads 4", "redis-benchmark", servers.redis, ("redis-server", "--version")),
    ("mariadbd, sysbench", "sysbench mariadbd", servers.mariadb, ("mariadbd", "--version")),
    ("nginx, aio threads", "wrk nginx", servers.nginx, ("nginx", "-v")),
    ("postgres, pgbench", "pgbench", servers.postgres, ("psql", "--version")),
    ("mpd", "ffmpeg mpd", servers.mpd, ("mpd", "--version")),
    ("transmission-daemon", "transmission-remote transmission-daemon", servers.transmission,
     ("transmission-daemon", "--version")),
    ("pbzip2 -p2", "pbzip2", batches.compressor(100, "pbzip2", "-p2", "-k", "-c"), ("pbzip2", "--version")),
    ("pigz -p2", "pigz", batches.compressor(100, "pigz", "-p2", "-k", "-n", "-c"), ("pigz", "--version")),
    ("xz -T2", "xz", batches.compressor(24, "xz", "-T2", "-1", "--block-size=2MiB", "-k", "-c"), ("xz", "--version")),
    ("zstd -T2", "zstd", batches.compressor(100, "zstd", "-T2", "-9", "-k", "-c", "-q"), ("zstd", "--version")),
    ("python3, 4 threads", "/usr/bin/python3", batches.python3, ("/usr/bin/python3", "--version")),
    ("ffmpeg -threads 2", "ffmpeg", batches.ffmpeg, ("ffmpeg", "-version")),
    ("aria2c -x8", "nginx aria2c", batches.aria2c, ("aria2c", "--version")),
    ("git repack --threads=2", "git", batches.git_pack, ("git", "--version")),
    ("git grep --threads=4", "git", batches.git_grep, ("git", "--version")),
    ("git index-pack --threads=2", "git", batches.git_index_pack, ("git", "--version")),
    ("sqlite3, threads=2", "sqlite3", batches.sqlite3, ("sqlite3", "--version")),
    ("openssl speed -multi 2", "openssl", batches.openssl, ("openssl", "version")),
    ("rsync -a", "rsync", batches.rsync, ("rsync", "--version")),
    ("sort --parallel=4", "sort", batches.sort, ("sort", "--version")),
    ("clang-19 -c", "clang-19", batches.clang, ("clang-19", "--version")),
    ("ld.lld-19 --threads=4", "clang-19 ld.lld-19", batches.lld, ("ld.lld-19", "--version")),
    ("node", "node", batches.node, ("node", "--version")),
    ("chromium --headless", "chromium", batches.chromium, ("chromium", "--version")),
]


def same(name, plain, other, how):
    """True; or says which part of the result differs."""
    for part, value in plain.items():
        if other.get(part) != value:
            print(f"{name}: {part} differs under {how}: {str(value)[:200]!r}, {str(other.get(part))[:200]!r}",
                  file=sys.stderr)
    return plain == other


def examine(name, workload, native, watched):
    """Row of the first table: is the result the same under `gordian run`, and what is reported?"""
    plain, other = workload(native), workload(watched)
    equal = same(name, plain.result, other.result, "gordian run")
    findings = watched.findings()
    for rule, message in findings:
        print(f"{name}: {rule}: {message}", file=sys.stderr)
    return equal, [name, "same" if equal else "DIFFERENT", len(findings)]


def cost(name, workload, native, preload, rounds):
    """Rows of the second table, and whether all results were the same."""
    ratios, natives, equal, wanted = {}, {}, True, None
    for index in range(rounds):
        order = (native, preload) if index % 2 == 0 else (preload, native)
        outcomes = {variant.name: workload(variant) for variant in order}
        plain, traced = outcomes["native"], outcomes["preload"]
        wanted = wanted or plain.result
        equal &= same(name, wanted, traced.result, "the preload")
        for quantity, value in plain.measured.items():
            natives.setdefault(quantity, []).append(value)
            ratios.setdefault(quantity, []).append(traced.measured[quantity] / value)
    rows = []
    for quantity, values in ratios.items():
        low, middle, high = quartiles(values)
        rows.append((name, quantity, f"{statistics.median(natives[quantity]):.4g}", f"{middle:.3f}",
                     f"{low:.3f} to {high:.3f}"))
    return equal, rows


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("build")
    options.add_argument("names", nargs="*", help="only programs whose name contains one of these")
    options.add_argument("--rounds", type=int, default=7, help="0: only compare results")
    chosen = options.parse_intermixed_args()
    results, costs, good = [], [], True
    with variants(os.path.abspath(chosen.build)) as (native, preload, watched):
        for name, needed, workload, ask in PROGRAMS:
            if chosen.names and not any(wanted in name for wanted in chosen.names):
                continue
            missing = [program for program in needed.split() if not shutil.which(program)]
            if missing:
                print(f"{name}: left out, {missing[0]} is not installed", file=sys.stderr)
                continue
            try:
                equal, row = examine(name, workload, native, watched)
                good &= equal
                results.append([row[0], version(*ask), *row[1:]])
                equal, rows = cost(name, workload, native, preload, chosen.rounds)
                good &= equal
                costs += rows
            except Exception as error:  # the other programs are still worth a row
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
                good = False
    print_table(("program", "version", "result", "reports"), results)
    print()
    print_table(("program", "quantity", "native", "ratio (median)", "quartiles"), costs)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
