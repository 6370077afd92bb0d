# SPDX-License-Identifier: MIT
"""How a program is started in a comparison (Variant), and what a workload measures and yields (Outcome)."""
import contextlib
import hashlib
import json
import os
import resource
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from interleave import clean_environment, cpu_seconds, preload_environment


@dataclass
class Variant:
    """Native, a bare preload, or `gordian run`, which keeps the program's own exit status here."""
    name: str
    build: str
    environment: dict
    reports: str = None  # folder for the findings of `gordian run`
    started: int = 0

    def command(self, *arguments):
        if not self.reports:
            return list(arguments)
        self.started += 1
        return [os.path.join(self.build, "bin", "gordian"), "run", "--error-exitcode", "0", "--fail-on", "never",
                "--format", "json", "-o", os.path.join(self.reports, f"{self.started}.json"), "--", *arguments]

    def findings(self):
        """What was reported since the last call: [(rule, message)]."""
        found = []
        for name in sorted(os.listdir(self.reports)):
            path = os.path.join(self.reports, name)
            with open(path, encoding="utf-8") as file:
                found += [(one["rule"], one["message"]) for one in json.load(file).get("findings", ())]
            os.unlink(path)
        return found


@contextlib.contextmanager
def variants(build):
    """(native, preload, watched) with folders that anybody may write to: servers give up their user."""
    with tempfile.TemporaryDirectory() as traces, tempfile.TemporaryDirectory() as reports:
        os.chmod(traces, 0o777)
        yield (Variant("native", build, clean_environment()),
               Variant("preload", build, preload_environment(build, traces)),
               Variant("gordian run", build, clean_environment(), reports))


@dataclass
class Outcome:
    """What may differ between runs (measured), and what may not (result)."""
    measured: dict
    result: dict = field(default_factory=dict)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Server:
    """A server that was started and answers; `status` is its exit status once the context is left."""

    def __init__(self, variant, command, ready, log):
        self.status = None
        self.process = subprocess.Popen(variant.command(*command), env=variant.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise RuntimeError(f"{command[0]} does not answer (status {self.process.poll()})")
            time.sleep(0.05)

    def end(self):
        self.process.terminate()
        try:
            self.status = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.status = "does not end"


@contextlib.contextmanager
def server(variant, command, ready):
    """Started, ready, and ended with SIGTERM on the way out. `ready`: a port that answers, or a function."""
    with tempfile.TemporaryFile() as log:
        one = Server(variant, command, ready if callable(ready) else lambda: answers(ready), log)
        try:
            yield one
        finally:
            one.end()


def served(one, load):
    """Throughput and processor time per operation while `load` (a function that returns the operations) runs."""
    before, start = cpu_seconds(one.process.pid), time.monotonic()
    operations = load()
    wall, used = time.monotonic() - start, cpu_seconds(one.process.pid) - before
    measured = {"throughput": operations / wall}
    if used > 0:
        measured["CPU per operation"] = used / operations
    return measured


def output_of(*command, **streams):
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, env=clean_environment(),
                          **streams)
    return done.stdout


def batch(variant, command, **streams):
    """Wall and processor time of a command that ends; its exit status and its standard output are the result."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(variant.command(*command), env=variant.environment, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, timeout=600, check=False, **streams)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Outcome({"wall": wall, "CPU": cpu},
                   {"status": done.returncode, "output": hashlib.sha256(done.stdout).hexdigest()})


def digest(path):
    """Of a file, or of all files below a folder with their names."""
    total = hashlib.sha256()
    names = [path] if os.path.isfile(path) else sorted(
        os.path.join(folder, name) for folder, _, files in os.walk(path) for name in files)
    for name in names:
        total.update(os.path.relpath(name, path).encode())
        with open(name, "rb") as file:
            total.update(file.read())
    return total.hexdigest()
