#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gdb_async.py [O]: at each instruction of asyncPreempt gdb finds its way back to what was interrupted, with all registers.

hog is run with one P and stopped where a signal has sent G1 to asyncPreempt. What an unwinder makes of the CFI at each
instruction from there on is compared with what the registers held: pc, SP, and all that asyncPreempt keeps.
Exit status: 0 all is as it should be, 1 not, 77 no gdb here that speaks Python.
"""
import os
import re
import shutil
import subprocess
import sys

INSIDE = r"""
import gdb
NAMES = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp"] + [f"r{i}" for i in range(8, 16)]
REDZONE = 128  # ASYNC_REDZONE

def run(command):
    gdb.execute(command, to_string=True)

def of(frame, name):
    return int(frame.read_register(name)) & (2**64 - 1)

run("break *&asyncPreempt")
run("run")
# Now sysmon is not to send the same signal again, as fast as it can, at each step that gdb makes.
run("set scheduler-locking on")
top = gdb.newest_frame()
true = {n: of(top, n) for n in NAMES}
true["rip"] = int(gdb.parse_and_eval("*(unsigned long *)$rsp"))
true["rsp"] = of(top, "rsp") + 8 + REDZONE

code = top.architecture().disassemble(top.pc(), count=100)
code = code[:next(i for i, insn in enumerate(code) if insn["asm"].startswith("ret")) + 1]
for insn in code[1:]:
    # gdb goes on from where it has stopped by a step, and pushfq would push the flag that makes it one.
    if not insn["asm"].startswith(("pushf", "popf")):
        run(f"break *{insn['addr']}")
right = 0
while top.pc() != code[-1]["addr"]:
    caller = top.older()
    got = {n: of(caller, n) for n in true}
    if caller.name() == "spin" and got == true:
        right += 1
    else:
        print(f"wrong: +{top.pc() - code[0]['addr']}: {caller.name()},",
              ", ".join(f"{n} {got[n]:#x} not {true[n]:#x}" for n in true if got[n] != true[n]))
    run("continue")
    top = gdb.newest_frame()
run("stepi")
top = gdb.newest_frame()
print(f"right: {right} of {len(code)}")
print("back:", top.name(), all(of(top, n) == true[n] for n in true))
"""


def main():
    out = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
    gdb = ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set auto-load off"]
    if not shutil.which("gdb") or subprocess.run([*gdb, "-ex", "python 1"], capture_output=True, check=False).returncode:
        print("no gdb here that speaks Python")
        return 77
    said = subprocess.run([*gdb, "-ex", f"python\n{INSIDE}", os.path.join(out, "examples", "22_hog")],
                          env=dict(os.environ, G0_PROCS="1"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False).stdout
    # Of xsave and fxsave, and what belongs to each, one is passed by.
    right = re.search(r"^right: (\d+) of (\d+)$", said, re.M)
    checks = {
        "the caller of asyncPreempt, at each instruction": right and int(right[1]) > int(right[2]) - 10 and "wrong" not in said,
        "and where it returns to": "back: spin True" in said,
    }
    for what, holds in checks.items():
        print(f"{'ok' if holds else 'not ok'} - {what}")
    if not all(checks.values()):
        print("\n".join("# " + line for line in said.splitlines() if line and "hit Breakpoint" not in line))
    return not all(checks.values())


if __name__ == "__main__":
    sys.exit(main())
