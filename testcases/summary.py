# SPDX-License-Identifier: MIT
"""Counts the results that lit wrote (-o FILE) and ends with the line that CI reads: `N passed, N failed, N skipped`.

An expected failure (XFAIL) is a pass; an unexpected pass is a failure; what a filter left out is not counted.
"""
import json
import sys

PASSED = {"PASS", "XFAIL", "FLAKYPASS"}
SKIPPED = {"UNSUPPORTED", "SKIPPED"}
NOT_COUNTED = {"EXCLUDED"}


def main(path):
    try:
        with open(path) as file:
            codes = [(test["code"], test["name"]) for test in json.load(file)["tests"]]
    except (OSError, ValueError, KeyError) as error:
        print(f"summary: no results in {path}: {error}", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    codes = [(code, name) for code, name in codes if code not in NOT_COUNTED]
    passed = sum(code in PASSED for code, _ in codes)
    skipped = sum(code in SKIPPED for code, _ in codes)
    failed = len(codes) - passed - skipped
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
