# SPDX-License-Identifier: MIT
# RUN: %python %s %root
"""Habits that every file keeps: its licence line, its size, no path of somebody's machine, nothing left open; and
links between the documents that lead somewhere.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs"))
from tree import code, files, judge, must_accept, must_object, read  # noqa: E402

HARD_LIMIT = 600
LICENCE = "SPDX-License-Identifier: MIT"
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|home/(?!(?:user|me|you|vendor)\b)\w+|Users/(?!(?:user|me|you|vendor)\b)\w+|work)/[\w.-]+")
LEFT_OPEN = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def licence_lines(root):
    for path in code(root):
        if LICENCE not in "\n".join(read(root, path).splitlines()[:3]):
            yield f"{path}: the first line must be the licence line: {LICENCE}"


def sizes(root):
    for path in code(root):
        lines = read(root, path).count("\n")
        if lines > HARD_LIMIT:
            yield f"{path}: {lines} lines, the limit is {HARD_LIMIT}"


def machine_paths(root):
    for path in files(root, ".c", ".cpp", ".h", ".def", ".py", ".ts", ".sh", ".md", ".txt", ".in", ".test", ".lowered",
                      ".cmake", ".yaml", ".yml", ".json", ".1"):
        if path.endswith("package-lock.json"):
            continue
        for number, line in enumerate(read(root, path).splitlines(), 1):
            for match in MACHINE_PATH.findall(line):
                yield f"{path}:{number}: names a machine's path: {match}"


def nothing_left_open(root):
    for path in code(root):
        for number, line in enumerate(read(root, path).splitlines(), 1):
            if LEFT_OPEN.search(line):
                yield f"{path}:{number}: left open: {line.strip()}"


def links(root):
    for path in files(root, ".md"):
        for target in LINK.findall(read(root, path)):
            if re.match(r"[a-z]+:|#", target):
                continue
            name = os.path.join(os.path.dirname(path), target.split("#")[0])
            if not os.path.exists(os.path.join(root, name)):
                yield f"{path}: the link to {target} leads nowhere"


def self_test():
    spdx = f"// {LICENCE}\n"
    must_object(licence_lines, {"runtime/a.h": "#pragma once\n"}, "licence")
    must_accept(licence_lines, {"runtime/a.h": spdx})
    must_object(sizes, {"analyzer/a.cpp": spdx + "\n" * HARD_LIMIT}, "limit")
    must_accept(sizes, {"analyzer/a.cpp": spdx + "\n" * (HARD_LIMIT - 1)})
    must_object(machine_paths, {"docs/a.md": "in /ho" "me/kim/src\n"}, "names a machine")
    must_accept(machine_paths, {"docs/a.md": "in /home/user/src and /usr/include\n"})
    must_object(nothing_left_open, {"runtime/a.h": spdx + "// TO" "DO: later\n"}, "left open")
    must_object(links, {"docs/a.md": "[b](b.md)\n"}, "leads nowhere")
    must_accept(links, {"docs/a.md": "[b](b.md#x) [c](https://example.org)\n", "docs/b.md": ""})


self_test()
judge(licence_lines, sizes, machine_paths, nothing_left_open, links)
