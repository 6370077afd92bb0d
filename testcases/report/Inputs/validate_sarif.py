# SPDX-License-Identifier: MIT
"""validate_sarif.py FILE...: each must be valid by the official schema, and refer only to what it contains."""
import json
import os
import sys

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))


def dangling(node, run, path="run"):
    """Indices into the run's lists that point nowhere, and base ids that are not defined."""
    if isinstance(node, list):
        for i, item in enumerate(node):
            yield from dangling(item, run, f"{path}[{i}]")
    if not isinstance(node, dict):
        return
    artifact = node.get("artifactLocation", {})
    if artifact:
        if not 0 <= artifact["index"] < len(run["artifacts"]):
            yield f"{path}.artifactLocation.index"
        elif run["artifacts"][artifact["index"]]["location"]["uri"] != artifact["uri"]:
            yield f"{path}.artifactLocation.uri differs from its artifact's"
        base = artifact.get("uriBaseId")
        if base and base not in run["originalUriBaseIds"]:
            yield f"{path}.artifactLocation.uriBaseId"
        if not base and not artifact["uri"].startswith("file:///"):
            yield f"{path}.artifactLocation.uri is neither absolute nor based"
    if "ruleIndex" in node and run["tool"]["driver"]["rules"][node["ruleIndex"]]["id"] != node["ruleId"]:
        yield f"{path}.ruleIndex"
    for key, value in node.items():
        yield from dangling(value, run, f"{path}.{key}")


def offences(log, validator):
    for error in validator.iter_errors(log):
        yield f"{'/'.join(map(str, error.path))}: {error.message[:200]}"
    for run in log["runs"]:
        yield from dangling(run, run)


def main():
    with open(os.path.join(HERE, "sarif-2.1.0-rtm.5.json"), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    # The validator must be able to object.
    assert list(validator.iter_errors({"version": "2.1.0", "runs": [{"tool": {}}]}))
    failed = False
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            for offence in offences(json.load(file), validator):
                print(f"{name}: {offence}")
                failed = True
    sys.exit(failed)


main()
