# SPDX-License-Identifier: MIT
"""The number of findings for each rule in a SARIF file, on one line; suppressed ones and hints are left out."""
import collections
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    results = [result for run in json.load(file)["runs"] for result in run.get("results", [])]
shown = [r["ruleId"] for r in results if not r.get("suppressions") and r.get("kind", "fail") == "fail"]
rules = collections.Counter(shown)
print(len(shown), "".join(f", {rule} {count}" for rule, count in sorted(rules.items())).lstrip(", ") or "", end="")
