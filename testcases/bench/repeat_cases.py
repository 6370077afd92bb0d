#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every case of a labelled set many times under a tool and lists those whose verdict is not the same each time.

    python3 repeat_cases.py --set DIR [--runs 20] [--filter REGEX] [--jobs 2] [--load N] [--work DIR]

DIR holds the set's scorer (score_dynamic.py, with its dynamic_cases.py) and the cases below dynamic/. The tool is this
build's: --build DIR, by default ./build. Cases are built once. --load N keeps N processes busy meanwhile, for a verdict
that depends on the schedule shows on a loaded machine. The verdict of a run is what the scorer makes of it: found or
not, which reports were false, and whether a usable report came in time.

One line for each case that changed its verdict, or was wrong every time: the verdicts with their counts, the
commonest first. The last line counts them. Exit status 1 where any verdict changed.
"""
import argparse
import collections
import concurrent.futures
import importlib
import os
import subprocess
import sys


def arguments():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--set", required=True)
    ap.add_argument("--build", default="build")
    ap.add_argument("--runs", type=int, default=20)
    ap.add_argument("--filter")
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--load", type=int, default=0)
    ap.add_argument("--timeout", type=float, default=20)
    ap.add_argument("--work", default="/tmp/gordian_repeat")
    return ap.parse_args()


def verdict_of(scorer, case, options):
    v = scorer.score_one(case, options)
    good = v["found"] if v["positive"] else scorer.is_clean(v)
    parts = ["right" if good and not v["false"] else "wrong"]
    parts += ["missed " + m for m in v["missing"]] if v["positive"] else []
    parts += ["false " + f for f in v["false"]]
    if v["state"] != "ok":
        parts.append(v["state"])
    return "; ".join(parts)


class BuiltOnce:
    """Stands in for the set's build function: the first call of a case builds, the others get what it gave."""

    def __init__(self, build):
        self.build, self.known = build, {}

    def __call__(self, case, *rest, **more):
        if case.name not in self.known:
            self.known[case.name] = self.build(case, *rest, **more)
        return self.known[case.name]


def main():
    o = arguments()
    sys.path.insert(0, os.path.abspath(o.set))
    scorer = importlib.import_module("score_dynamic")
    scorer.dc.build = BuiltOnce(scorer.dc.build)
    b = os.path.abspath(o.build)
    options = argparse.Namespace(tool=f"{b}/bin/gordian run --format sarif -o {{out}} -- {{cmd}}", cc=f"{b}/bin/gordian-cc",
                                 cxx=f"{b}/bin/gordian-c++", timeout=o.timeout, work=os.path.abspath(o.work))
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(o.load)]
    cases = scorer.dc.load(o.filter)
    unstable = wrong = 0
    try:
        with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
            def many(case):
                return case, collections.Counter(verdict_of(scorer, case, options) for _ in range(o.runs))
            for case, verdicts in pool.map(many, cases):
                unstable += len(verdicts) > 1
                wrong += len(verdicts) == 1 and "right" not in verdicts
                if len(verdicts) > 1 or "right" not in verdicts:
                    print(case.name + ": " + ", ".join(f"{n} x {v}" for v, n in verdicts.most_common()), flush=True)
    finally:
        for p in load:
            p.kill()
            p.wait()
    print(f"{len(cases)} cases, {o.runs} runs each: {unstable} changed their verdict, {wrong} wrong each time")
    return 1 if unstable else 0


if __name__ == "__main__":
    sys.exit(main())
