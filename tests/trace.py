#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""trace.py [O]: the flight recorder against the stepper: the same program, one P, the same events with the same arguments.

And a program that is killed leaves no file, or a whole one.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402
from g0trace import Trace  # noqa: E402
from tap import check  # noqa: E402


def stepped(scope, program, policy, work):
    """The names of the events, by the stepper."""
    recording = os.path.join(work, "r.g0r")
    subprocess.run([scope, "record", program, "--procs=1", f"--mcall={policy}", "-o", recording], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, G0_TRACE=os.path.join(work, "not-while-stepped")))
    said = subprocess.run([scope, "dump", recording, "--json"], check=True, capture_output=True, text=True).stdout
    steps = [json.loads(line) for line in said.splitlines()]
    return [step["event"] for step in steps if step.get("event")]


def recorded(program, policy, work):
    path = os.path.join(work, "trace")
    # As while it is stepped there is no sysmon, which has those preempted whom the kernel keeps waiting.
    env = dict(os.environ, G0_TRACE=path, G0_PROCS="1", G0_MCALL=policy, G0_SEED="0", G0_STEPPED="1")
    subprocess.run([program], check=True, stdout=subprocess.DEVNULL, env=env)
    return Trace(path)


def compare(out, policy, work):
    program = os.path.join(out, "examples", "03_ping_pong")
    trace = recorded(program, policy, work)
    names = [e.name for e in trace.events]
    if "mstart" in names:
        names = names[names.index("mstart"):]  # where the stepper begins
    steps = stepped(os.path.join(out, "g0scope"), program, policy, work)
    steps = steps[steps.index("mstart"):] if "mstart" in steps else ["mstart"] + steps
    check(f"{policy}: the events that the stepper sees, in that order", names == steps, f"{names}\n{steps}")
    if policy != "clear":
        return
    text = [trace.sentence(e) for e in trace.events]
    check("their sentences name functions, reasons and statuses",
          {"G2 is created, to run player", "G1 goes from running to waiting",
           "G1 has released its M to wait: chan send"} <= set(text), "\n".join(text))
    check("nothing is recorded while stepped", not os.path.exists(os.path.join(work, "not-while-stepped")))


def killed(out, work):
    path = os.path.join(work, "killed")
    program = os.path.join(out, "examples", "02_red_blue")
    for _ in range(10):
        ran = subprocess.Popen([program, "1000000"], stdout=subprocess.DEVNULL, env=dict(os.environ, G0_TRACE=path))
        time.sleep(0.02)
        ran.send_signal(signal.SIGKILL)
        ran.wait()
        if os.path.exists(path):
            Trace(path)
    left = [name for name in os.listdir(work) if name.endswith(("killed", ".part"))]
    check("a killed program leaves nothing", not left, left)


def killed_while_it_writes(out, work):
    """It is killed just before its file, which is written by then, gets a name."""
    folder = os.path.join(work, "empty")
    os.mkdir(folder)
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY))
    except OSError as why:
        print(f"ok - # skip files have names here from the beginning: {why}")
        return
    if shutil.which("gdb") is None:
        print("ok - # skip no gdb here")
        return
    said = subprocess.run(
        ["gdb", "-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "catch syscall linkat", "-ex", "run", "-ex", "kill",
         "--args", os.path.join(out, "examples", "03_ping_pong"), "1"],
        env=dict(os.environ, G0_TRACE=os.path.join(folder, "trace")), stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    check("it gets to where its file gets a name", "call to syscall linkat" in said.stdout, said.stdout + said.stderr)
    check("killed there, it leaves nothing", not os.listdir(folder), os.listdir(folder))


def main():
    out = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
    if not os.path.exists(os.path.join(out, "g0scope")):
        print(f"no {out}/g0scope: build first")
        return 77
    with tempfile.TemporaryDirectory() as work:
        for policy in "clear", "keep", "g0bp", "cycle":
            compare(out, policy, work)
        killed(out, work)
        killed_while_it_writes(out, work)
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
