#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""recorded.py [O]: the terminal is g0scope's alone: a program that is recorded has none, and what is typed there does not reach it.

Exit status: 0 all is as it should be, 1 not, 77 no g0scope here.
"""
import os
import signal
import subprocess
import tempfile

from pty_terminal import G0SCOPE, O, Terminal, check, finish, need_g0scope, wait_until

LONG = "--schedule=M0*100000000"


def state(pid):
    """Its group, and its terminal, 0 for none; /proc/PID/stat."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        words = stat.read().rpartition(")")[2].split()
    return int(words[2]), int(words[4])


def share(pid):
    """With whom the scheduler has it share a CPU; None: nobody says."""
    try:
        with open(f"/proc/{pid}/autogroup", encoding="ascii") as group:
            return group.read()
    except OSError:
        return None


def recorded(machine, program, file):
    with Terminal("record", f"--machine={machine}", LONG, program, "-o", file) as t:
        check(f"{machine}: it records", wait_until(lambda: os.path.exists(file) and os.path.getsize(file) > 100000))
        stepped = t.stepped()
        check(f"{machine}: a program is being stepped", len(stepped) == 1, stepped)
        for pid in stepped:
            group, terminal = state(pid)
            check(f"{machine}: in a group of its own", group == pid, group)
            check(f"{machine}: without a terminal", terminal == 0, terminal)
            check(f"{machine}: with g0scope's share of the CPU", share(pid) == share(t.process.pid))
        t.key(b"\x03")
        status = t.wait()
        check(f"{machine}: Ctrl-C ends the recording", status in (-signal.SIGINT, 128 + signal.SIGINT), status)
    said = subprocess.run([G0SCOPE, "info", file], capture_output=True, check=False).stdout
    check(f"{machine}: and the program did not hear of it", b"by SIGINT" in said and b"was killed" not in said, said)


def main():
    need_g0scope()
    with tempfile.TemporaryDirectory() as work:
        for machine in ("real", "emulated"):
            if machine == "real" or os.access(f"{O}/g0scope-emulator", os.X_OK):
                recorded(machine, f"{O}/tests/programs/busy", f"{work}/{machine}.g0r")
    finish()


main()
