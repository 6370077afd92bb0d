# SPDX-License-Identifier: MIT
"""What the tests of the tree share: its files, and how a test reports.

A check is a function of a root folder that yields one line for each offence, so that it can be run on the real tree
and on a small wrong one (each test first shows that it can fail).
"""
import os
import re
import sys
import tempfile

SKIPPED_FOLDERS = {".git", "node_modules", "__pycache__", "Output"}
CODE_FOLDERS = ("runtime", "instrument", "analyzer", "testcases")


def files(root, *suffixes):
    """Relative paths of all files of the tree with one of these suffixes (all, where none is named), sorted."""
    found = []
    for folder, folders, names in os.walk(root):
        top = os.path.relpath(folder, root) == "."
        folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS and not (top and re.match(r"build(-|$)", f))]
        for name in names:
            if not suffixes or name.endswith(suffixes):
                found.append(os.path.relpath(os.path.join(folder, name), root))
    return sorted(found)


def code(root):
    """Relative paths of the C, C++, table, Python and TypeScript files."""
    suffixes = (".c", ".cpp", ".h", ".def", ".py", ".ts", ".tsx")
    return [path for path in files(root, *suffixes) if path.startswith(CODE_FOLDERS)]


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def small_tree(contents):
    """A temporary tree with these {path: text}; the caller keeps the object alive."""
    tree = tempfile.TemporaryDirectory()
    for path, text in contents.items():
        target = os.path.join(tree.name, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
    return tree


def must_object(check, contents, expected):
    """The check must give exactly one offence, with `expected` in it, for this small wrong tree."""
    with small_tree(contents) as root:
        offences = list(check(root))
    if len(offences) != 1 or expected not in offences[0]:
        sys.exit(f"self-test: {check.__name__} should say '{expected}' of {sorted(contents)}, says {offences}")


def must_accept(check, contents):
    with small_tree(contents) as root:
        offences = list(check(root))
    if offences:
        sys.exit(f"self-test: {check.__name__} should accept {sorted(contents)}, says {offences}")


def judge(*checks):
    """Runs the checks on the real tree (first argument of the command line); the exit status is the verdict."""
    root = sys.argv[1]
    offences = [line for check in checks for line in check(root)]
    for line in offences:
        print(line)
    sys.exit(1 if offences else 0)
