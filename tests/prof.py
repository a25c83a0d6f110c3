#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""prof.py [O]: what the runtime's own sampler (G0_PROF) says of red_blue, under keep and under clear.

In red_blue no stack ever has both red and blue in it. Under keep the sampler finds stacks that do, and calls them STALE or
CHIMERA; under clear it finds none, and no stack that goes on in a G that was given up. In callback, under g0bp, a C function
seems to have called the scheduler, and that is called MISLEADING.
"""
import os
import re
import subprocess
import sys
import tempfile

import tap
from tap import check

TURNS = {"02_red_blue": "5000", "06_callback": "20000"}
RUNS = 8  # under keep and g0bp, at most: where others use the CPUs too, Ms run side by side less often
SAMPLES = 300  # at least, under clear


def sampled(program, policy, path):
    """[(verdict, functions, count)], outermost function first."""
    env = dict(os.environ, G0_PROF=path, G0_MCALL=policy, G0_PROCS="4")
    subprocess.run([program, TURNS[os.path.basename(program)]], env=env, check=True, stdout=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as folded:
        lines = [re.fullmatch(r"([A-Z]+)((?:;[^; ]+)*) (\d+)\n", line) for line in folded]
    check(f"{policy}: every line is a folded stack", all(lines))
    return [(m[1], m[2].split(";")[1:], int(m[3])) for m in lines if m]


def callback(program, path):
    misled = []
    for _ in range(RUNS):
        misled += [f for v, f, _ in sampled(program, "g0bp", path) if v == "MISLEADING"]
        if misled:
            break
    for functions in misled[:1]:
        print("# MISLEADING: " + " < ".join(reversed(functions)))
    check("g0bp: there are stacks that mislead", misled)
    # A sample at the first instruction of what mcall has called leaves out mcall: there is no record yet.
    called = re.compile(r"notify;(mcall_g0bp\b|(gosched|park)_m$)")
    check("g0bp: in each, C has called mcall", all(called.search(";".join(f)) for f in misled), misled)
    stacks = sampled(program, "clear", path)
    check("clear: none misleads", not any(v == "MISLEADING" for v, _, _ in stacks))
    check("clear: nor has C called mcall", not any("notify;mcall" in ";".join(f) for _, f, _ in stacks))


def main():
    out = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
    program = os.path.join(out, "examples", "02_red_blue")
    if not os.path.exists(program):
        print(f"no {program}: build first")
        return 77
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "folded")
        callback(os.path.join(out, "examples", "06_callback"), path)
        stacks = sampled(program, "clear", path)
        n = sum(k for _, _, k in stacks)
        check(f"clear: there are samples ({n})", n >= SAMPLES)
        check("clear: most are VALID", sum(k for v, _, k in stacks if v == "VALID") > 0.98 * n)
        check("clear: none is STALE or a CHIMERA", not any(v in ("STALE", "CHIMERA") for v, _, _ in stacks))
        check("clear: none has both red and blue", not any({"red", "blue"} <= set(f) for _, f, _ in stacks))
        if len(os.sched_getaffinity(0)) < 2:
            print("ok - keep # skip one CPU: no M runs while another is sampled")
            return tap.failed != 0
        both = []
        for _ in range(RUNS):
            both += [(v, f) for v, f, _ in sampled(program, "keep", path) if {"red", "blue"} <= set(f)]
            if any(v == "CHIMERA" for v, _ in both):
                break
        for verdict, functions in both[:1]:
            print(f"# {verdict}: " + " < ".join(reversed(functions)))
        check("keep: there are stacks with both red and blue", both)
        # CYCLE and WILD win over them, as in g0scope: such a chain has gone wrong altogether.
        check("keep: none of them is called VALID", all(v != "VALID" for v, _ in both))
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
