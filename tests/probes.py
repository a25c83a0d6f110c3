#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""probes.py [O]: gdb, perf and bpftrace find every event of event.def among a program's probes, with its arguments.

The program is the runtime's tests, which have all of the runtime in them; ping_pong is run for what its probes say.
Each tool that is missing, or may not be used here, is skipped; exit status 77 if that is all of them.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import tap
from tap import check

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def skip(what, why):
    print(f"ok - {what} # skip {why}")


def run(*command, **kw):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, **kw)


def events():
    """name: number of arguments."""
    with open(os.path.join(ROOT, "src/event.def"), encoding="utf-8") as table:
        return {name: int(n) for name, n in re.findall(r"^EVENT\((\w+), *(\d+),", table.read(), re.M)}


def notes(program):
    """(name, list of arguments) of every probe that the file's notes tell of."""
    said = run("readelf", "-n", program, env=dict(os.environ, LC_ALL="C")).stdout
    found = re.findall(r"Provider: g0\n\s*Name: (\w+)\n.*\n\s*Arguments: *(.*)", said)
    return [(name, arguments.split()) for name, arguments in found]


def gdb(program, small, table, _found):
    if not shutil.which("gdb") or run("gdb", "-nx", "-batch", "-ex", "python 1").returncode:
        skip("gdb", "no gdb here that speaks Python")
        return
    say = ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set width 0"]
    said = run(*say, "-ex", "info probes stap g0", program).stdout
    lost = [name for name in table if not re.search(rf"^stap +g0 +{name} ", said, re.M)]
    check("gdb: info probes lists every event", not lost, f"not {lost}\n{said}")
    env = dict(os.environ, G0_PROCS="1")
    said = run(*say, "-ex", "break -probe-stap g0:execute", "-ex", "run", "-ex", "continue", "-ex",
               r'printf "resumes G%d on M%d of %d\n", $_probe_arg0, $_probe_arg1, $_probe_argc', small, env=env).stdout
    # ping_pong on one M: go_main first, then the player, while go_main waits.
    check("gdb: break -probe-stap g0:execute, and its arguments", "resumes G2 on M0 of 2" in said, said)


def perf(program, _small, table, found):
    if not shutil.which("perf"):
        skip("perf", "no perf here (Debian: linux-perf)")
        return
    with tempfile.TemporaryDirectory() as cache:
        say = ["perf", "--buildid-dir", cache]
        said = run(*say, "buildid-cache", "--add", program)
        listed = run(*say, "list", "sdt").stdout
        if said.returncode or "sdt_" not in listed:
            skip("perf", "it lists no sdt probes: " + (said.stdout + listed).strip().replace("\n", " ")[:80])
            return
        lost = [name for name in table if not re.search(rf"^\s*sdt_g0:{name}\b", listed, re.M)]
        check("perf list: every event", not lost, f"not {lost}\n{listed}")
        for name in table:
            # Constants it leaves out.
            ns = sorted(sum("$" not in a for a in arguments) for other, arguments in found if other == name)
            said = run(*say, "probe", "-D", f"sdt_g0:{name}").stdout
            if "p:sdt_g0/" not in said:
                skip("perf probe -D", "not allowed here: " + said.strip().replace("\n", " ")[:80])
                return
            got = sorted(len(re.findall(r"\barg\d+=", line)) for line in said.splitlines() if line.startswith("p:"))
            check(f"perf probe: {name} and its arguments", got == ns, f"wanted {ns}\n{said}")


def bpftrace(program, small, table, _found):
    if not shutil.which("bpftrace"):
        skip("bpftrace", "no bpftrace here")
        return
    said = run("bpftrace", "-l", f"usdt:{program}:g0:*")
    if said.returncode or "usdt:" not in said.stdout:
        skip("bpftrace", "not allowed here: " + said.stdout.strip().replace("\n", " ")[:80])
        return
    lost = [name for name in table if f":g0:{name}\n" not in said.stdout + "\n"]
    check("bpftrace -l: every event", not lost, said.stdout)
    said = run("bpftrace", "-e", f'usdt:{small}:g0:execute /arg0 == 2/ {{ printf("resumes G%d on M%d\\n", arg0, arg1); exit(); }}',
               "-c", small, env=dict(os.environ, G0_PROCS="1"))
    if "resumes" not in said.stdout and said.returncode:
        skip("bpftrace", "it may not attach here: " + said.stdout.strip().replace("\n", " ")[:80])
        return
    check("bpftrace: execute, and its arguments", "resumes G2 on M0" in said.stdout, said.stdout)


def main():
    out = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
    program, small = os.path.join(out, "tests", "src"), os.path.join(out, "examples", "03_ping_pong")
    if not os.path.exists(program):
        print(f"no {program}: make tests first")
        return 77
    table, found = events(), notes(program)
    if not found:
        print("this build has no probes: sys/sdt.h is missing (Debian: systemtap-sdt-dev)")
        return 77
    wrong = [f"{name}: {arguments}" for name, arguments in found if table.get(name) != len(arguments)]
    check("the program has the probes of event.def and no others, with their arguments",
          not wrong and {name for name, _ in found} == set(table), f"{wrong}\n{sorted(found)}")
    for look in gdb, perf, bpftrace:
        look(program, small, table, found)
    return 77 if tap.passed + tap.failed == 0 else tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
