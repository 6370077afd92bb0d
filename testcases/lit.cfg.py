# SPDX-License-Identifier: MIT
#
# How lit runs the tests. Two suites share this file: "gordian", the programs and scripts with RUN lines of this
# folder, and "gordian-unit", the GoogleTest executables of the build folder. README.md beside this file says what a
# test may use; every path a test may use is defined here and nowhere else.
import importlib.util
import os
import platform
import pty
import shutil
import subprocess
import tempfile

import lit.formats

build = config.gordian_build
tools = config.llvm_tools

# Bounded: a test that hangs (deadlocks are this tool's trade) is killed with all its children.
if lit_config.maxIndividualTestTimeIsSupported:
    lit_config.maxIndividualTestTime = 120
else:
    lit_config.warning("python3-psutil is missing: tests have no time limit")

# Hermetic: nothing of the caller's environment reaches a test but what is listed here.
config.environment = {
    "PATH": os.pathsep.join([tools, os.path.join(build, "bin"), "/usr/local/bin", "/usr/bin", "/bin"]),
    "LANG": "C.UTF-8",
    "NO_COLOR": "1",
    "HOME": os.path.join(build, "testcases", "home"),
    "XDG_CACHE_HOME": os.path.join(build, "testcases", "home", "cache"),
    "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
    "CCACHE_DISABLE": "1",
}
os.makedirs(config.environment["XDG_CACHE_HOME"], exist_ok=True)

# Tests that measure time or load both cores run one at a time: `config.parallelism_group = "alone"` in the folder's
# lit.local.cfg.
lit_config.parallelism_groups["alone"] = 1


def program(name):
    return os.path.join(build, "bin", name)


def gordian_suite():
    config.name = "gordian"
    config.test_format = lit.formats.ShTest(execute_external=True)
    config.suffixes = [".c", ".cpp", ".test", ".py", ".lowered"]
    config.excludes = ["Inputs", "demo", "bench", "lit.cfg.py", "summary.py"]
    config.test_source_root = os.path.join(config.gordian_source, "testcases")
    config.test_exec_root = os.path.join(build, "testcases")

    # The longest name first: lit replaces in order, and \b keeps %run off %run_dir.
    common = "-g -O1 -pthread"
    table = {
        "gordian_cc": program("gordian-cc"),
        "gordian_cxx": program("gordian-c++"),
        "gordian": program("gordian"),
        "run": program("gordian") + " run",
        "check": program("gordian") + " check",
        "preload": os.path.join(build, "lib", "libgordian.so"),
        "cc": f"{config.cc} -std=gnu17 {common}",
        "cxx": f"{config.cxx} -std=c++20 {common}",
        "clang": f"{tools}/clang -std=gnu17 {common}",
        "clangxx": f"{tools}/clang++ -std=c++20 {common}",
        "FileCheck": f"{tools}/FileCheck",
        "not": f"{tools}/not",
        "count": f"{tools}/count",
        "python": config.gordian_python,
        "unit": os.path.join(build, "testcases", "gtest"),
        "cmake": config.cmake,
        "build": build,
        "root": config.gordian_source,
        "libdir": config.gordian_libdir,
    }
    for name in sorted(table, key=len, reverse=True):
        config.substitutions.append((f"%{name}\\b", table[name]))


def unit_suite():
    config.name = "gordian-unit"
    config.test_format = lit.formats.GoogleTest(".", "_test")
    config.test_source_root = config.test_exec_root = os.path.join(build, "testcases", "gtest")


def mounts():
    """May this user mount a small disk of a test's own? Not everywhere in a container."""
    with tempfile.TemporaryDirectory() as folder:
        trial = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", folder]
        return bool(shutil.which("unshare")) and subprocess.run(trial, check=False, capture_output=True).returncode == 0


def has_terminals():
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return False
    return True


def features():
    """What this machine has: a test asks for it with `REQUIRES: name`."""
    found = {platform.machine(), "python3"}
    for name in ("node", "npm", "chromium", "gdb", "bear", "memcached", "redis-server", "setsid", "shellcheck"):
        if shutil.which(name, path=config.environment["PATH"] + ":/usr/sbin"):
            found.add(name)
    for module in ("jsonschema", "psutil"):
        if importlib.util.find_spec(module):
            found.add(module)
    if os.path.exists(program("gordian")):
        found.add("analyzer")
    if os.geteuid() == 0:
        found.add("root")
    if mounts():
        found.add("mounts")
    if has_terminals():
        found.add("terminals")
    return found


config.available_features |= features()
if config.gordian_suite == "gtest":
    unit_suite()
else:
    gordian_suite()
