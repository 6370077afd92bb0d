# SPDX-License-Identifier: MIT
# RUN: %python %s %root
"""Dependencies point one way: every #include "..." of the code against the table below (docs/design.md tells why).

A layer is a folder with all below it that is no layer of its own. A layer may include itself and the layers (or
single files) of its row. Names are looked up as the compiler does: the including file's folder, then the roots.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs"))
from tree import code, judge, must_accept, must_object, read  # noqa: E402

MAY_INCLUDE = {
    # inside the watched process
    "runtime/include": [],
    "runtime/core": [],
    "runtime/trace": ["runtime/core"],
    "runtime/graph": ["runtime/core"],
    "runtime/hooks": ["runtime/graph", "runtime/trace", "runtime/core", "runtime/include"],
    "runtime/sync": ["runtime/graph", "runtime/trace", "runtime/core", "runtime/include"],
    # the user's build
    "instrument": ["runtime/include", "runtime/trace/format.h", "runtime/hooks/lock_functions.def"],
    # the host
    "analyzer/finding": [],
    "analyzer/facts": ["analyzer/finding"],
    "analyzer/checks": ["analyzer/facts", "analyzer/finding"],
    "analyzer/report": ["analyzer/finding"],
    "analyzer/source/ir": ["analyzer/finding"],
    "analyzer/source/build": ["analyzer/finding"],
    "analyzer/source/lower": ["analyzer/source/ir", "analyzer/source/build", "analyzer/finding"],
    "analyzer/source/link": ["analyzer/source/ir", "analyzer/facts", "analyzer/finding",
                             "runtime/hooks/lock_functions.def"],
    "analyzer/trace": ["analyzer/facts", "analyzer/finding", "runtime/trace/format.h"],
    "analyzer/cli": ["analyzer/source/ir", "analyzer/source/build", "analyzer/source/lower", "analyzer/source/link",
                     "analyzer/trace", "analyzer/checks", "analyzer/report", "analyzer/facts", "analyzer/finding",
                     "runtime/trace/format.h"],
}
# Where the compiler looks, by top folder, after the including file's own.
ROOTS = {"runtime": ["runtime", "runtime/include", "."], "analyzer": ["analyzer", "runtime", "."],
         "instrument": ["instrument", "runtime/include", "."]}
# Who may see which library.
LIBRARIES = {"clang": ("analyzer/source/lower",), "llvm": ("analyzer", "instrument"), "CLI": ("analyzer/cli",)}
# Made by the build, so not found in the tree.
GENERATED = set()

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.MULTILINE)


def layer(path):
    folders = [name for name in MAY_INCLUDE if path.startswith(name + "/")]
    return max(folders, key=len, default=None)


def resolve(root, path, name):
    for folder in [os.path.dirname(path)] + ROOTS[path.split("/")[0]]:
        target = os.path.normpath(os.path.join(folder, name))
        if os.path.exists(os.path.join(root, target)):
            return target
    return None


def offence(root, path, quote, name):
    """Why this include is wrong, or None."""
    library = name.split("/")[0]
    if library in LIBRARIES and "/" in name:
        return None if path.startswith(LIBRARIES[library]) else f"must not see {library}"
    if quote == "<":
        return None
    target = resolve(root, path, name)
    if target is None:
        return None if name in GENERATED else "not found in the tree"
    here, there = layer(path), layer(target)
    allowed = [here, *MAY_INCLUDE[here]]
    return None if there in allowed or target in allowed else f"{here} must not depend on {there or target}"


def include_order(root):
    for path in code(root):
        if path.split("/")[0] not in ROOTS:
            continue
        if layer(path) is None:
            yield f"{path}: belongs to no layer of the table"
            continue
        for quote, name in INCLUDE.findall(read(root, path)):
            why = offence(root, path, quote, name)
            if why:
                yield f'{path}: includes "{name}": {why}'


def self_test():
    finding = {"analyzer/finding/finding.h": "#include <vector>\n"}
    upward = {"analyzer/finding/a.cpp": '#include "facts/facts.h"\n', "analyzer/facts/facts.h": ""}
    sibling = {"analyzer/report/a.cpp": '  #  include "../checks/x.h"\n', "analyzer/checks/x.h": ""}
    must_object(include_order, upward, "must not depend on analyzer/facts")
    must_object(include_order, sibling, "must not depend on analyzer/checks")
    must_object(include_order, {"runtime/core/a.cpp": '#include "llvm/ADT/Twine.h"\n'}, "must not see llvm")
    must_object(include_order, {"analyzer/facts/a.cpp": '#include "clang/AST/Decl.h"\n'}, "must not see clang")
    must_object(include_order, {"analyzer/facts/a.cpp": '#include "gone.h"\n'}, "not found")
    must_object(include_order, {"analyzer/utils/a.cpp": ""}, "belongs to no layer")
    must_object(include_order, {"runtime/trace/reader.h": "", "analyzer/trace/a.cpp": '#include "runtime/trace/reader.h"'},
                "must not depend on runtime/trace")
    must_accept(include_order, finding | {"analyzer/facts/a.cpp": '#include "finding/finding.h"\n'})
    must_accept(include_order, {"runtime/trace/format.h": "", "analyzer/trace/a.cpp": '#include "runtime/trace/format.h"'})


self_test()
judge(include_order)
