#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""without_ptrace.py [O]: where ptrace is denied, as in a container, all is there but the real CPU, and that is said.

Whatever is run here has a filter of system calls that answers ptrace with EPERM. Exit status 77 where there is no emulator, or
no such filter.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

import tap
from deny_ptrace import deny_ptrace
from tap import check

O = os.path.realpath(sys.argv[1] if len(sys.argv) > 1 else "build")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
G0SCOPE = os.environ.get("G0SCOPE", os.path.join(O, "g0scope"))
STALE = os.path.join(O, "examples/01_stale_link")
NOTE = "an emulated amd64 CPU executes it, for this system does not allow ptrace"
HEADING = "executed by an emulated amd64 CPU\n"


def run(*command, denied=True):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", timeout=300, check=False, preexec_fn=deny_ptrace if denied else None)


def record(work):
    path = os.path.join(work, "r.g0r")
    said = run(G0SCOPE, "record", STALE, "--mcall=keep", "--seed=3", "-o", path)
    check("a program is recorded all the same, and that is said", said.returncode == 0 and NOTE in said.stderr,
          said.stdout + said.stderr)
    said = run(G0SCOPE, "info", path)
    check("the recording is one of an emulated CPU", said.returncode == 0 and "emulated amd64" in said.stdout, said.stdout)
    said = run(G0SCOPE, "record", STALE, "--machine=real", "-o", path + "2")
    check("who asks for the real CPU is refused", said.returncode == 1 and "does not allow ptrace" in said.stderr and
          "--cap-add=SYS_PTRACE" in said.stderr and "leave --machine=real out" in said.stderr and not os.path.exists(path + "2"), said.stdout + said.stderr)


def dynamic(work):
    """The emulator has no shared libraries: what is in the way is said, and that is ptrace."""
    source, program = os.path.join(work, "empty.c"), os.path.join(work, "empty")
    with open(source, "w", encoding="ascii") as f:
        f.write("#include <g0.h>\nvoid go_main(void)\n{\n}\n")
    built = run("cc", "-g", f"-I{ROOT}/src", f"-I{ROOT}/arch/amd64", "-fno-omit-frame-pointer", "-fno-pie", "-no-pie", "-pthread",
                "-o", program, source, os.path.join(O, "libg0.a"))
    said = run(G0SCOPE, "record", program, "-o", os.path.join(work, "e.g0r"))
    check("a program with shared libraries: what is in the way is said", said.returncode == 1 and
          "does not allow ptrace" in said.stderr, built.stderr + said.stdout + said.stderr)


def alone(work):
    """Without an emulator beside it."""
    shutil.copy(G0SCOPE, os.path.join(work, "g0scope"))
    said = run(os.path.join(work, "g0scope"), "record", STALE, "-o", os.path.join(work, "a.g0r"))
    check("without an emulator: what to do about ptrace is said, and what to install", said.returncode == 1 and
          "does not allow ptrace" in said.stderr and "install libunicorn-dev and build it (make)" in said.stderr,
          said.stdout + said.stderr)


def lessons():
    names = sorted(glob.glob(os.path.join(ROOT, "examples/*.md")))
    for options in ([], ["--machine=emulated"]):
        said = {name: run(G0SCOPE, "check", *options, name) for name in names}
        check(f"all {len(names)} lessons hold {' '.join(options)}", names and not any(s.returncode for s in said.values()),
              "\n".join(f"{name}: {s.stdout}{s.stderr}" for name, s in said.items() if s.returncode))
        check(f"and that an emulated CPU executes them {' '.join(options)}",
              all(s.stdout == f"ok 1 - {name} (emulated amd64)\n" for name, s in said.items()), said)


def text():
    """What ./start shows without a terminal."""
    real, denied = (run(G0SCOPE, "--view=text", "stale_link", denied=d) for d in (False, True))
    check("the lesson is told in the same words", denied.returncode == 0 and denied.stdout and
          (real.stdout == denied.stdout.replace(HEADING, "") or "ptrace" in real.stderr), denied.stdout[-1000:] + denied.stderr)
    check("and once under each policy that an emulated CPU executes it", denied.stdout.count(HEADING) == 2 and
          ("ptrace" in real.stderr or "emulated" not in real.stdout), denied.stdout)
    check("that an emulated CPU executes it is said", NOTE in denied.stderr, denied.stderr)


def main():
    if not os.path.exists(os.path.join(O, "g0scope-emulator")):
        print("no g0scope-emulator: it is built where libunicorn-dev is")
        return 77
    try:
        run("true")
    except (OSError, subprocess.SubprocessError) as e:
        print(f"ptrace cannot be denied here: {e}")
        return 77
    with tempfile.TemporaryDirectory() as work:
        record(work)
        dynamic(work)
        alone(work)
    lessons()
    text()
    return tap.failed != 0


sys.exit(main())
