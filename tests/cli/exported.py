# SPDX-License-Identifier: MIT
"""exported.py WHAT FILE [DUMP]: whether an exported file is what it should be; called by export.sh. Says what is wrong, if anything.

WHAT is "folded". DUMP is what `g0scope dump --json` says of the same recording.
"""
import collections
import json
import sys


def fail(why):
    print(why)
    sys.exit(1)


def read_dump(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def folded(path, steps):
    """Its counts are what dump says of each M at each step, by verdict and M."""
    want, got = collections.Counter(), collections.Counter()
    for step in steps:
        for m in step["ms"]:
            if not m["exited"]:
                want[m["verdict"], f"M{m['id']}"] += 1
    with open(path, encoding="utf-8") as f:
        for line in f:
            stack, count = line.rstrip("\n").rsplit(" ", 1)
            frames = stack.split(";")
            if len(frames) < 3 or not all(frames) or not count.isdigit() or count == "0":
                fail(f"no folded stack: {line}")
            got[frames[0], frames[1]] += int(count)
    if got != want:
        fail(f"counted {dict(got)}\nbut dump says {dict(want)}")
    print(" ".join(f"{verdict}={sum(n for (v, _), n in got.items() if v == verdict)}" for verdict in sorted({v for v, _ in got})))


def main():
    what, path, *dump = sys.argv[1:]
    {"folded": folded}[what](path, *map(read_dump, dump))


main()
