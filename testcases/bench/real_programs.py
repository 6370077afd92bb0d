#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What libgordian.so costs real programs: servers under load, compressors, CPython. `real_programs.py BUILD [NAME...]`

Each program runs unmodified, as the system's package installs it, in turn with and without the preload. Servers are
judged by their throughput and by the processor time they spend for one operation (the load generator shares the
machine, so throughput alone would flatter us); the others by wall and processor time, and their output must be
byte-identical. Programs that are not installed are named and left out.
"""
import argparse
import contextlib
import hashlib
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from interleave import compare, cpu_seconds, print_table, quartiles, version

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 4
MEGABYTES = 100


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(command, port, environment):
    """A server that answers on its port; ended, and waited for, on the way out."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            if process.poll() is not None:
                sys.exit(f"{command[0]} ended at once with status {process.returncode}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def served(process, load):
    """Throughput and processor time per operation while `load` (a function that returns the operations) runs."""
    before, start = cpu_seconds(process.pid), time.monotonic()
    operations = load()
    wall, used = time.monotonic() - start, cpu_seconds(process.pid) - before
    return {"throughput": operations / wall, "CPU per operation": used / operations}


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def memcached(build, environment):
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = ["memcached", *user, "-l", "127.0.0.1", "-p", str(port), "-t", "4", "-m", "256"]
    generator = os.path.join(build, "testcases", "bench", "memcached_load")
    with server(command, port, environment) as process:
        return served(process, lambda: float(output_of(generator, str(port), "2", "16", str(SECONDS))) * SECONDS)


def redis(build, environment):
    port, count = free_port(), 120_000
    with tempfile.TemporaryDirectory() as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--io-threads", "4",
                   "--io-threads-do-reads", "yes", "--save", "", "--dir", folder]
        load = ["redis-benchmark", "-p", str(port), "-t", "set,get", "-n", str(count), "-c", "50", "-P", "16", "-q"]

        def run():
            output_of(*load)
            return 2 * count

        with server(command, port, environment) as process:
            return served(process, run)


def batch(command, environment, wanted=None, **streams):
    """Wall and processor time of a command that ends; its standard output hashed, and compared with `wanted`."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, timeout=300, **streams)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    digest = hashlib.sha256(done.stdout).hexdigest()
    if wanted is not None and wanted.setdefault(command[0], digest) != digest:
        sys.exit(f"{' '.join(command)}: the output differs under the preload")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "CPU": cpu}


class Compressor:
    """`program -c FILE` over real bytes: what /usr holds, cut at 100 MB."""

    def __init__(self, *command):
        self.command, self.wanted, self.folder = list(command), {}, None

    def input(self):
        if self.folder is None:
            self.folder = tempfile.TemporaryDirectory()
            with open(os.path.join(self.folder.name, "input"), "wb") as out:
                for name in sorted(os.listdir("/usr/bin")):
                    path = os.path.join("/usr/bin", name)
                    if os.path.isfile(path) and os.access(path, os.R_OK):
                        with open(path, "rb") as file:
                            out.write(file.read((MEGABYTES << 20) - out.tell()))
        return os.path.join(self.folder.name, "input")

    def __call__(self, build, environment):
        return batch([*self.command, self.input()], environment, self.wanted)


def python3(build, environment):
    return batch(["/usr/bin/python3", os.path.join(HERE, "threads.py")], environment, {})


# One row a program: name, what must be installed, its measurement, how its version is asked for.
PROGRAMS = [
    ("memcached -t 4", "memcached", memcached, ("memcached", "-V")),
    ("redis-server --io-threads 4", "redis-server", redis, ("redis-server", "--version")),
    ("pbzip2 -p2", "pbzip2", Compressor("pbzip2", "-p2", "-k", "-c"), ("pbzip2", "--version")),
    ("pigz -p2", "pigz", Compressor("pigz", "-p2", "-k", "-n", "-c"), ("pigz", "--version")),
    ("python3, 4 threads", "python3", python3, ("/usr/bin/python3", "--version")),
]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("build")
    options.add_argument("names", nargs="*", help="only programs whose name contains one of these")
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    rows = []
    for name, program, measure, ask in PROGRAMS:
        if chosen.names and not any(wanted in name for wanted in chosen.names):
            continue
        if not shutil.which(program):
            print(f"{program} is not installed: left out", file=sys.stderr)
            continue
        ratios, natives = compare(lambda environment: measure(chosen.build, environment), chosen.build, chosen.rounds)
        for quantity, values in ratios.items():
            low, middle, high = quartiles(values)
            rows.append((name, version(*ask), quantity, f"{natives[quantity]:.4g}", f"{middle:.3f}",
                         f"{low:.3f} to {high:.3f}"))
    print_table(("program", "version", "quantity", "native", "ratio (median)", "quartiles"), rows)


if __name__ == "__main__":
    main()
