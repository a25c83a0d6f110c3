#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cut.py BUILD [long]: recordings whose recorder was killed, and files that were cut, open as far as they go.

What is opened is a number of whole chunks, says so, and shows at its last step what the whole recording shows there. Killed 200 times
and cut at 1,000 places, or fewer where it is not to take long."""
import json
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
import tap  # noqa: E402

CHUNK = 4096
build, long = sys.argv[1], "long" in sys.argv[2:]
g0scope, program = f"{build}/g0scope", f"{build}/examples/10_sieve"
machine = "--machine=" + ("emulated" if os.path.exists(f"{build}/g0scope-emulator") else "real")
seed = int(os.environ.get("SEED", time.time_ns() % 10**9))
chance = random.Random(seed)


def run(*args):
    return subprocess.run([g0scope, *args], capture_output=True, text=True, timeout=300)


def record(path, limit):
    return [g0scope, "record", machine, "--seed=1", f"--limit={limit}", program, "-o", path, "--", "1300"]


def opened(path):
    """How many steps it has, -1 if it does not open; and what was said."""
    info = run("info", "--json", path)
    return (json.loads(info.stdout)["steps"] if info.returncode == 0 else -1), info.stderr


def at(path, step):
    """What the recording shows at a step, and that it says itself to be damaged."""
    dump = run("dump", "--json", "--words", f"--step={step}", path)
    return dump.stdout


def is_part_of(path, whole, last):
    """That a file that was not ended has whole chunks, and at its end the state of the whole one there."""
    steps, said = opened(path)
    ok = steps >= 0 and (steps % CHUNK == 0 or steps == last) and f"is cut short at step {steps}" in said
    # What is known of the code comes behind the state at step 0.
    return ok and (steps == 0 or steps > last or at(path, steps) == at(whole, steps)), steps, said


def kills(folder, whole, last, n):
    """The recorder is killed at random moments: nothing of what was whole is lost."""
    path = f"{folder}/killed.g0r"
    reached, wrong = [], []
    for _ in range(n):
        recorder = subprocess.Popen(record(path, 100000000), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.05 + chance.random() * 0.6)
        recorder.send_signal(signal.SIGKILL)
        recorder.wait()
        if os.path.exists(path) and os.path.getsize(path):
            ok, steps, said = is_part_of(path, whole, last)
            reached.append(steps)
            if not ok and steps >= 0:
                wrong.append((steps, said))
            elif steps < 0 and "before step 0" not in said and "not a recording" not in said:
                wrong.append((steps, said))
    tap.check(f"killed {n} times: {len(reached)} files, up to step {max(reached)}", max(reached) > 0 and not wrong, wrong)


def whole_steps(data, last):
    """By the seek table: behind which byte there are how many whole steps, from -1 on for none, not even step 0."""
    n, = struct.unpack("<I", data[-9:-5])
    table = data[-9 - 8 * n:-9]
    unpacked = subprocess.run(["zstd", "-dcq"], input=data, capture_output=True, check=True).stdout
    end = at = steps = 0
    ends = []
    for packed, size in struct.iter_unpack("<II", table):
        end += packed
        letter = unpacked[at:at + 1] if size else b""
        at += size
        if letter == b"S":
            steps = min(steps + CHUNK, last)
        if letter == b"S" or (letter == b"K" and not ends):
            ends.append((end, steps))
    return ends


def cuts(folder, whole, last, n):
    """Cut at random bytes: each chunk that is whole opens."""
    data = open(whole, "rb").read()
    path = f"{folder}/cut.g0r"
    ends, wrong = whole_steps(data, last), []
    for size in (chance.randrange(len(data)) for _ in range(n)):
        with open(path, "wb") as f:
            f.write(data[:size])
        ok, steps, said = is_part_of(path, whole, last)
        expected = max([-1] + [s for end, s in ends if end <= size])
        ok |= steps < 0 and ("before step 0" in said or "not a recording" in said)
        if steps != expected or not ok:
            wrong.append((size, expected, steps, said))
    tap.check(f"cut at {n} places of {len(data)}", not wrong, wrong[:3])


def main():
    with tempfile.TemporaryDirectory() as folder:
        whole = f"{folder}/whole.g0r"
        limit = 400000 if machine.endswith("emulated") else 40000
        made = subprocess.run(record(whole, limit), capture_output=True, text=True, timeout=600)
        last, said = opened(whole)
        tap.check("a whole one opens", last == limit and not said, made.stderr + said)
        kills(folder, whole, last, 200 if long else 5)
        cuts(folder, whole, last, 1000 if long else 25)
    print(f"# SEED={seed}")
    print(f"{tap.passed} passed, {tap.failed} failed")
    return tap.failed != 0


sys.exit(main())
