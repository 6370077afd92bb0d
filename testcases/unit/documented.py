# SPDX-License-Identifier: MIT
# REQUIRES: analyzer
# RUN: %python %s %root %gordian
"""What the tool offers is documented and tested: each rule has a page and a pair of tests, each option of each
command stands in the manual page, and the manual page promises no option that is not there.
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs"))
from tree import files, judge, must_accept, must_object, read  # noqa: E402

RULE = re.compile(r'^RULE\(\w+, "([a-z-]+)"', re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
MANUAL = "docs/gordian.1"
RULES = "analyzer/finding/rules.def"
# Other programs' options, in the examples of the manual page.
FOREIGN = {"--all", "--port"}


def rule_ids(root):
    return RULE.findall(read(root, RULES))


def rule_pages(root):
    for rule in rule_ids(root):
        page = f"docs/rules/{rule}.md"
        if not os.path.exists(os.path.join(root, page)):
            yield f"{rule}: has no page {page}"
        elif rule not in read(root, page):
            yield f"{page}: does not name its rule"


def rule_tests(root):
    """A test that expects the rule, beside an `_ok` twin that expects none."""
    tests = {path: read(root, path) for path in files(root, ".c", ".cpp", ".py", ".test", ".lowered")
             if path.startswith("testcases/") and not path.startswith(("testcases/unit/", "testcases/bench/"))}
    for rule in rule_ids(root):
        expects = re.compile(rf"CHECK.*(?<![\w-]){rule}(?![\w-])")
        paired = [path for path, text in tests.items()
                  if expects.search(text) and "_ok.".join(path.rsplit(".", 1)) in tests]
        if not paired:
            yield f"{rule}: no test expects it beside an _ok twin"


def help_texts(gordian):
    def ask(*arguments):
        done = subprocess.run([gordian, *arguments], capture_output=True, text=True, timeout=30, check=True)
        return done.stdout

    top = ask("--help")
    commands = re.findall(r"^  ([a-z]+) ", top[top.index("Subcommands:"):], re.MULTILINE)
    return {"": top} | {command: ask(command, "--help") for command in commands}


def offered_options(root):
    """Both ways: help -> manual page, manual page -> help."""
    manual = read(root, MANUAL).replace("\\-", "-")
    offered = {option: command for command, text in help_texts(sys.argv[2]).items() for option in OPTION.findall(text)}
    documented = set(OPTION.findall(manual))
    for option, command in sorted(offered.items()):
        if option not in documented | FOREIGN:
            yield f"{MANUAL}: lacks {option} of gordian {command}"
    for option in sorted(documented - set(offered) - FOREIGN):
        yield f"{MANUAL}: promises {option}, which no command has"
    for command in help_texts(sys.argv[2]):
        if command and not re.search(rf"\b{command}\b", manual):
            yield f"{MANUAL}: lacks the command {command}"


def self_test():
    row = {RULES: 'RULE(Leak, "lock-leak", Warning)\n'}
    must_object(rule_pages, row, "no page")
    must_object(rule_pages, row | {"docs/rules/lock-leak.md": "# Leak\n"}, "does not name")
    must_accept(rule_pages, row | {"docs/rules/lock-leak.md": "# lock-leak\n"})
    test = {"testcases/misuse/leak.cpp": "// CHECK: warning: {{.*}} [lock-leak]\n"}
    must_object(rule_tests, row | test, "no test")
    must_accept(rule_tests, row | test | {"testcases/misuse/leak_ok.cpp": "// CHECK-NOT: x\n"})


self_test()
judge(rule_pages, rule_tests, offered_options)
