#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""paths.py [O [MILLISECONDS]]: chimeras on each path off a G's stack, under each policy, by the real perf and by the sampler.

The program is tests/engine/programs/colours.c, which has the paths: no stack of it ever has both red and blue. Each run is
watched by perf and by G0_PROF at once. A sample is on a path if it has that path's function on g0 in it. Under keep
there are samples on each path that lead into a G that was given up, by perf with both colours, if one tries often enough;
under cycle too, or they go in circles; under clear and g0bp there are none at all. systemstack gives no G up: its link is
followed, and sound, always.
What g0bp loads misleads where C calls back on a thread of its own: in examples/06_callback both say that C called mcall.
MILLISECONDS is how long one run is; longer ones make surer of the zeros. Without perf, the sampler has to do.
"""
import os
import subprocess
import sys
import tempfile
from collections import Counter

import perf_chimera
import tap
from tap import check

POLICIES = "clear", "keep", "g0bp", "cycle"
UNSAFE = "keep", "cycle"
TRIES = 25  # runs until what can happen has: it takes two Ms at the same time
QUIET = 2  # times as long a run for what cannot
CALLS = "20000"  # of examples/06_callback


class Row:
    """What was seen of one path under one policy."""

    def __init__(self, path, on_g0):
        self.path, self.on_g0 = path, on_g0
        self.perf = self.perf_on_path = self.colours = self.colours_on_path = self.linked = 0
        self.verdicts, self.on_path = Counter(), Counter()

    def add_perf(self, stacks):
        for stack in stacks:
            both = "red" in stack and "blue" in stack
            self.perf += 1
            self.colours += both
            self.perf_on_path += self.on_g0 in stack
            self.colours_on_path += both and self.on_g0 in stack
            self.linked += self.on_g0 in stack and ("red" in stack or "blue" in stack)

    def add_folded(self, path):
        with open(path, encoding="utf-8") as folded:
            for stack, count in (line.rsplit(" ", 1) for line in folded):
                verdict, *functions = stack.split(";")
                self.verdicts[verdict] += int(count)
                self.on_path[verdict] += int(count) * (self.on_g0 in functions)
                self.linked += int(count) * (self.on_g0 in functions and bool({"red", "blue"} & set(functions)))

    @property
    def given_up(self):
        """Samples that the sampler found in a G that the M does not have, wherever they are."""
        return self.verdicts["STALE"] + self.verdicts["CHIMERA"]

    @property
    def unsound(self):
        """Those on the path that are worth nothing."""
        return sum(n for verdict, n in self.on_path.items() if verdict != "VALID")

    def __str__(self):
        verdicts = " ".join(f"{v} {n}" for v, n in sorted(self.on_path.items()) if n)
        return f"{self.path:<12} {self.perf:>7} {self.perf_on_path:>7} {self.colours:>7}   {sum(self.verdicts.values()):>7}  {verdicts}"


class Watch:
    """How to run the program under both."""

    def __init__(self, program, work, millis):
        self.program, self.millis = program, millis
        self.data, self.folded = os.path.join(work, "perf.data"), os.path.join(work, "folded")
        self.no_perf = perf_chimera.why_no_perf(self.data)

    def run(self, row, policy, times=1):
        row.add_perf(self.stacks([self.program, row.path, str(times * self.millis)], policy))
        row.add_folded(self.folded)

    def stacks(self, command, policy):
        """What perf says, a list of functions a sample; what the sampler does is in the file."""
        if not self.no_perf:
            command = ["perf", "record", "-q", "-o", self.data, "--call-graph", "fp", "-F", str(perf_chimera.RATE), "--", *command]
        env = dict(os.environ, G0_MCALL=policy, G0_PROCS="4", G0_PROF=self.folded)
        ran = perf_chimera.run(command, env=env, preexec_fn=perf_chimera.come_first)
        if ran.returncode != 0:
            sys.exit(f"{command} under {policy}: {ran.stderr}")
        return [] if self.no_perf else perf_chimera.stacks(self.data)


def unsafe(watch, row, policy):
    colours_too = policy == "keep" and not watch.no_perf
    for _ in range(TRIES):
        watch.run(row, policy)
        if row.unsound and (row.colours or not colours_too):
            return True
    return False


def safe(watch, row, policy):
    watch.run(row, policy, QUIET)
    return row.colours == 0 and row.given_up == 0 and row.unsound == 0


def sound_link(watch, row, policy):
    """Chimeras may be elsewhere, since its Gs have to be started."""
    watch.run(row, policy)
    return row.colours_on_path == 0 and row.unsound == 0 and row.linked > 0


def c_calls_mcall(watch, program, policy, by_perf=0, by_sampler=0):
    """How many samples say that a C function called mcall, by perf and by the sampler, so far and in one more run."""
    by_perf += sum(f"mcall_{policy}<notify<library_thread" in "<".join(stack) for stack in watch.stacks([program, CALLS], policy))
    with open(watch.folded, encoding="utf-8") as folded:
        by_sampler += sum(int(line.split()[-1]) for line in folded if f"library_thread;notify;mcall_{policy}" in line)
    return by_perf, by_sampler


def callback(watch, program):
    n = 0, 0
    for _ in range(TRIES):
        n = c_calls_mcall(watch, program, "g0bp", *n)
        if n[1] and (n[0] or watch.no_perf):
            break
    check(f"g0bp: callback: C seems to have called mcall ({n[0]} by perf, {n[1]} by the sampler)", n[1] and (n[0] or watch.no_perf))
    n = c_calls_mcall(watch, program, "clear")
    check("clear: callback: it does not", n == (0, 0))


def main():
    out = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
    program = os.path.join(out, "tests", "programs", "colours")
    if not os.path.exists(program):
        perf_chimera.skip(f"no {program}: build first")
    if len(os.sched_getaffinity(0)) < 2:
        perf_chimera.skip("one CPU: no M runs while another is sampled")
    paths = [line.split() for line in subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()]
    with tempfile.TemporaryDirectory() as work:
        watch = Watch(program, work, int(sys.argv[2]) if len(sys.argv) > 2 else 400)
        for policy in POLICIES:
            print(f"# {policy:<14} perf on path colours   sampler  on path")
            for path, on_g0, gives_up in paths:
                row = Row(path, on_g0)
                if gives_up == "0":
                    holds, what = sound_link(watch, row, policy), "the link is sound"
                elif policy in UNSAFE:
                    holds, what = unsafe(watch, row, policy), "unsound stacks are found"
                else:
                    holds, what = safe(watch, row, policy), "there are none"
                print(f"# {row}")
                check(f"{policy}: {path}: {what}", holds)
        callback(watch, os.path.join(out, "examples", "06_callback"))
        if watch.no_perf:
            print(f"ok - the same by perf # skip {watch.no_perf}")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
