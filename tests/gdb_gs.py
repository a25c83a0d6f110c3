#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gdb_gs.py [O]: the gdb commands that travel with every program: info gs, info ms, g ID COMMAND.

red_blue is stopped in blue with one P: one painter has the brush and runs, go_main and the other painters wait. gdb is asked
live, of a core file, and of the program as `make install` leaves it.
Exit status: 0 all is as it should be, 1 not, 77 no gdb here that speaks Python.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import tap
from tap import check

PAINTERS = 32
TURNS = "64"  # two for each painter
HITS = 50  # so far into the first turn, every other painter has come to wait for the brush


def ask(program, questions, core=None, trust=True, stop=()):
    """What gdb says, after the commands in stop, to each of the questions."""
    command = ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set width 0"]
    if trust:
        command += ["-iex", f"add-auto-load-safe-path {os.path.dirname(program)}"]
    for line in [*stop, *(x for q in questions for x in (rf"echo \n== {q}\n", q))]:
        command += ["-ex", line]
    env = dict(os.environ, G0_PROCS="1", G0_MCALL="clear")
    ran = subprocess.run([*command, program, *([core] if core else [])], env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    parts = re.split(r"^== (.*)\n", ran.stdout, flags=re.M)
    return {"": ran.stdout} | dict(zip(parts[1::2], parts[2::2]))


def looks_right(when, said):
    gs = [line for line in said["info gs"].splitlines() if re.match(r"[* ] G\d", line)]
    running = [line for line in gs if line.startswith("*")]
    parked = [line for line in gs if re.match(r"  G\d+ +waiting +- .* painter: chan receive$", line)]
    check(f"{when}: info gs: one G runs, on M0, in blue",
          len(running) == 1 and re.match(r"\* G\d+ +running +M0 +0x[0-9a-f]+ blue$", running[0]), said["info gs"])
    check(f"{when}: info gs: go_main waits", re.match(r"  G1 +waiting +- +0x[0-9a-f]+ go_main: chan receive$", gs[0] if gs else ""),
          said["info gs"])
    check(f"{when}: info gs: so do the painters without a brush", len(parked) == PAINTERS - 1, said["info gs"])
    check(f"{when}: info ms: M0 has P0 and that G",
          running and re.search(rf"^\* M0 +P0 +{running[0].split()[1]} +thread 1 0x[0-9a-f]+ blue$", said["info ms"], re.M), said["info ms"])
    names = re.findall(r"^#(\d+) .*?(\w+) \(", said["g 1 bt"], re.M)
    check(f"{when}: g 1 bt: from mcall to goexit_stub, counted from 0",
          [int(n) for n, _ in names] == list(range(len(names)))
          and [f for _, f in names if f in ("mcall", "gopark", "chanrecv", "go_main", "runtime_main", "goexit_stub")]
          == ["mcall", "gopark", "chanrecv", "go_main", "runtime_main", "goexit_stub"], said["g 1 bt"])
    check(f"{when}: g 1 info locals: those of go_main", "i = 0\n" in said["g 1 info locals"], said["g 1 info locals"])
    check(f"{when}: g all bt: every G", len(re.findall(r"^G\d+, (waiting|running):$", said["g all bt"], re.M)) == PAINTERS + 1
          and len(re.findall(r"^#\d+ .*goexit_stub", said["g all bt"], re.M)) == PAINTERS + 1, said["g all bt"])
    check(f"{when}: bt: the thread's own again", said["bt"].startswith("#0  blue ("), said["bt"])
    check(f"{when}: a G that is not there is told", "no G999 lives" in said[""] + said.get("g 999 bt", ""), said[""])


def main():
    out = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
    if not shutil.which("gdb") or subprocess.run(["gdb", "-nx", "-batch", "-ex", "python 1"], capture_output=True, check=False).returncode:
        print("no gdb here that speaks Python")
        return 77
    program = os.path.join(out, "examples", "02_red_blue")
    # The last one fails, and gdb ends a batch at the first that does.
    questions = ["info gs", "info ms", "g 1 bt", "g 1 info locals", "g all bt", "bt", "g 999 bt"]
    with tempfile.TemporaryDirectory() as work:
        core = os.path.join(work, "core")
        stop = ["break blue", f"run {TURNS}", f"ignore 1 {HITS}", "continue"]
        looks_right("live", ask(program, questions, stop=[*stop, f"generate-core-file {core}"]))
        looks_right("of a core file", ask(program, questions, core=core))
        said = ask(program, [], trust=False)[""]
        check("gdb tells how to trust the program", f"add-auto-load-safe-path {program}" in said, said)
        subprocess.run(["make", "-s", "install", f"O={out}", f"DESTDIR={work}", "PREFIX=/usr"], check=True,
                       stdout=subprocess.DEVNULL, cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        installed = os.path.join(work, "usr/share/g0scope/examples/02_red_blue")
        looks_right("installed", ask(installed, questions, stop=stop))
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
