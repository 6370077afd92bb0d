#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `gordian link` costs for very large programs: `link_cost.py BUILD [--lines N ...] [--jobs N]`

A program of N lines of C is made up: modules that have a lock, a list under it and some fifty functions each,
which lock, loop, test, call functions of modules below, also through pointers, and give up half-way; threads
run some of them. It is lowered unit by unit, which is not measured, and linked.
"""
import argparse
import concurrent.futures
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

from interleave import clean_environment, print_table

HEADER = """#include <pthread.h>
#include <stdlib.h>
struct item { struct item *next; int key, value, uses; };
typedef int (*visit)(struct item *, int);
"""
FUNCTION = """
int m{m}_f{f}(struct m{m} *self, int key) {{
  int sum = 0, tries = key & 7;
  struct item *found = 0;
  pthread_mutex_lock(&self->lock);
  for (struct item *i = self->first; i; i = i->next) {{
    if (i->key == key) {{
      found = i;
      break;
    }}
    sum += i->value;
  }}
  if (!found && sum > {limit}) {{
    pthread_mutex_unlock(&self->lock);
    return -1;
  }}
  if (found)
    found->uses += {calls};
  pthread_mutex_unlock(&self->lock);
  while (tries-- > 0)
    sum ^= tries * {limit};
  return sum{more};
}}
"""
FUNCTION_LINES = FUNCTION.count("\n")
MODULE_FUNCTIONS = 50


def declarations(module):
    yield f"struct m{module} {{ pthread_mutex_t lock; struct item *first; visit visitor; int count; }};"
    yield f"extern struct m{module} the_m{module};"
    for f in range(MODULE_FUNCTIONS):
        yield f"int m{module}_f{f}(struct m{module} *self, int key);"


def module_text(number, rng):
    below = sorted(rng.sample(range(number), min(number, 3)))
    out = [HEADER] + [line for m in below + [number] for line in declarations(m)]
    out.append(f"struct m{number} the_m{number} = {{PTHREAD_MUTEX_INITIALIZER, 0, 0, 0}};")
    for f in range(MODULE_FUNCTIONS):
        calls = [f"m{m}_f{rng.randrange(MODULE_FUNCTIONS)}(&the_m{m}, key + {f})"
                 for m in below if rng.random() < 0.4]
        if f and rng.random() < 0.5:
            calls.append(f"m{number}_f{rng.randrange(f)}(self, sum)")
        if rng.random() < 0.1:
            calls.append("(self->visitor ? self->visitor(self->first, key) : 0)")
        more = "".join(" + " + call for call in calls)
        out.append(FUNCTION.format(m=number, f=f, limit=rng.randrange(100, 10000), calls=len(calls), more=more))
    return "\n".join(out)


def main_text(modules):
    out = [HEADER] + [line for line in declarations(modules - 1)]
    out.append(f"static void *run(void *p) {{ m{modules - 1}_f1(&the_m{modules - 1}, 1); return p; }}")
    out.append("int main(void) { pthread_t t; pthread_create(&t, 0, run, 0);"
               f" m{modules - 1}_f2(&the_m{modules - 1}, 2); pthread_join(t, 0); return 0; }}")
    return "\n".join(out)


def lower(gordian, folder, name, text):
    source = os.path.join(folder, name + ".c")
    with open(source, "w", encoding="utf-8") as out:
        out.write(text)
    subprocess.run([gordian, "lower", source, "-o", source + ".lowered", "--", "-std=gnu17"], check=True,
                   env=clean_environment())
    return source + ".lowered", text.count("\n")


def link(gordian, units, jobs, folder):
    """Wall time."""
    start = time.monotonic()
    subprocess.run([gordian, "link", "-j", str(jobs), "--format", "json", "-o", os.path.join(folder, "result.json"),
                    *units], stderr=subprocess.DEVNULL, env=clean_environment(), check=False)
    return time.monotonic() - start


def measure(gordian, lines, jobs):
    rng = random.Random(lines)
    modules = max(1, lines // (MODULE_FUNCTIONS * FUNCTION_LINES))
    with tempfile.TemporaryDirectory(prefix="gordian-link-") as folder:
        texts = [(f"m{n}", module_text(n, rng)) for n in range(modules)] + [("main", main_text(modules))]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            lowered = list(pool.map(lambda t: lower(gordian, folder, *t), texts))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall = link(gordian, [path for path, _ in lowered], jobs, folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        total = sum(count for _, count in lowered)
        return [f"{total:,}", f"{len(lowered):,}", f"{wall:.1f} s", f"{cpu:.1f} s", f"{wall * 1e6 / total:.1f} s",
                f"{after.ru_maxrss // 1024:,} MB"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--lines", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    gordian = os.path.join(options.build, "bin", "gordian")
    rows = [measure(gordian, lines, options.jobs) for lines in options.lines]
    print_table(["lines", "units", "wall", "processor time", "wall, for a million lines", "peak"], rows)


if __name__ == "__main__":
    sys.exit(main())
