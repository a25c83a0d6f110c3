#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""flight.py [O]: the flight recorder's files in g0scope, held against what tests/g0trace.py reads of them.

The same events in the same order with the same sentences; each G's status is the one it was last said to have; the trace for
Perfetto has the recorder's own times. A file that means harm is refused, or read in a bounded time.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from g0trace import STATUS, Trace  # noqa: E402
import tap  # noqa: E402
from tap import check  # noqa: E402


def g0scope(out, *args):
    return subprocess.run([os.path.join(out, "g0scope"), *args], capture_output=True, text=True, check=False, timeout=300)


def recorded(out, work, program, *args):
    """A file of G0_TRACE, and those of its events that g0scope is to show: from where every M's are there."""
    path = os.path.join(work, program + ".trace")
    subprocess.run([os.path.join(out, "examples", program), *args], check=False, capture_output=True,
                   env=dict(os.environ, G0_TRACE=path, G0_PROCS="2"))
    trace = Trace(path)
    since = max([min((e.ns for e in trace.events if e.m == m), default=0) for m, n in trace.dropped.items() if n], default=0)
    return path, trace, [e for e in trace.events if int(e.ns) >= int(since)]


def the_same(out, path, trace, events, program):
    dumped = g0scope(out, "dump", path, "--json")
    steps = [json.loads(line) for line in dumped.stdout.splitlines()][1:]
    got = [(s["m"], s["event"]) for s in steps]
    want = [(e.m, e.name) for e in events]
    by_m = [[[e for m, e in seen if m == one] for one in sorted(trace.dropped)] for seen in (got, want)]
    check(f"{program}: each M's events, {len(want)} in all", by_m[0] == by_m[1] and len(got) == len(want),
          f"{dumped.stderr}{len(got)} {len(want)}\n{got[:20]}\n{want[:20]}")
    status, wrong = {}, []
    for step, event in zip(steps, sorted(events, key=lambda e: int(e.ns))):
        if event.name == "casgstatus" and event.args[0] and step["event"] == event.name:
            status[event.args[0]] = STATUS[event.args[2]]
        wrong += [(step["step"], g) for g in step["gs"] if g["id"] in status and g["status"] != status[g["id"]]]
    check(f"{program}: each G is as it was last said to be", not wrong, wrong[:5])
    check(f"{program}: nothing is said of what was not recorded", all(m["verdict"] == "UNKNOWN" for s in steps for m in s["ms"]))
    queued = [g for s in steps for p in s["runq"]["p"] for g in p["q"]]
    check(f"{program}: queues hold Gs", queued)


def exported(out, path, events, work, program):
    to = os.path.join(work, "chrome.json")
    ran = g0scope(out, "export", "--format=chrome", path, "-o", to)
    with open(to, encoding="utf-8") as f:
        told = json.load(f)["traceEvents"]
    instants = [e["ts"] for e in told if e["ph"] == "i"]
    want = sorted((e.ns - min(x.ns for x in events)) / 1000 for e in events)
    off = max(abs(a - b) for a, b in zip(instants, want))
    depth = {}
    for e in told:
        depth[e["tid"]] = depth.get(e["tid"], 0) + {"B": 1, "E": -1}.get(e["ph"], 0)
        if depth[e["tid"]] < 0:
            break
    gs = {e["name"] for e in told if e["ph"] == "B"}
    check(f"{program}: for Perfetto, at the recorder's times", ran.returncode == 0 and len(instants) == len(events) and off < 0.01,
          f"{ran.stderr}{len(instants)} {off}")
    check(f"{program}: … with slices that nest, of the Gs", set(depth.values()) == {0} and any(g.startswith("G") for g in gs), f"{depth} {gs}")


def words(out, path, trace, program):
    said = g0scope(out, "--view=text", "--step=1", path)
    check(f"{program}: the screen says what it is", "flight recorder kept: events alone" in said.stdout, said.stdout + said.stderr)
    first = sorted(trace.events, key=lambda e: e.ns)[1]
    said = g0scope(out, "--view=text", "--step=2", path).stdout
    check(f"{program}: … and each event in the words that the file has", trace.sentence(first) in said, f"{trace.sentence(first)}\n{said}")
    folded = g0scope(out, "export", "--format=folded", path)
    check("there are no stacks to fold: that is said", folded.returncode == 1 and "no stacks" in folded.stderr, folded.stderr)
    saved = os.path.join(os.path.dirname(path), "saved.g0r")
    g0scope(out, "trim", path, "--to=10", "-o", saved)
    check("it can be kept as a recording", "events alone" in g0scope(out, "info", saved).stdout)


def hostile(out, path, work):
    """Bytes changed at random, and a hundred thousand Gs, each seen once."""
    draw, worst, odd = random.Random(1), 0, []
    with open(path, "rb") as f:
        whole = f.read()
    bad = os.path.join(work, "bad.trace")
    for _ in range(30):
        content = bytearray(whole)
        for _ in range(draw.randrange(1, 30)):
            content[draw.randrange(8, len(content))] = draw.randrange(256)
        with open(bad, "wb") as f:
            f.write(content[:draw.randrange(8, len(content))] if draw.randrange(2) else content)
        before = time.monotonic()
        ran = g0scope(out, "info", bad)
        worst = max(worst, time.monotonic() - before)
        if ran.returncode not in (0, 1) or (ran.returncode and "bad.trace: " not in ran.stderr):
            odd.append((ran.returncode, ran.stderr))
    check("damaged files open, or a sentence says why not", not odd, odd)
    names = b"newproc\0g fn\0-\0"
    word = lambda n: n.to_bytes(8, "little")  # noqa: E731
    many = 200000
    with open(bad, "wb") as f:
        f.write(b"g0trace1" + word(many) * 2 + word(len(names)) + names + word(0) + word(0) + word(many) * 2)
        f.write(b"".join(word(i << 8) + word(i + 1) + word(0) * 2 for i in range(many)) + word(0))
    ran = g0scope(out, "info", bad)
    check("of very many Gs the last events are shown", ran.returncode == 0 and "how many came before these" in ran.stdout,
          ran.stdout[:500] + ran.stderr)


def main():
    out = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
    if not os.path.exists(os.path.join(out, "g0scope")):
        print("1..0 # SKIP no g0scope")
        return 0
    with tempfile.TemporaryDirectory() as work:
        path, trace, events = recorded(out, work, "03_ping_pong")
        the_same(out, path, trace, events, "03_ping_pong")
        exported(out, path, events, work, "03_ping_pong")
        words(out, path, trace, "03_ping_pong")
        hostile(out, path, work)
        path, trace, events = recorded(out, work, "02_red_blue", "300")
        the_same(out, path, trace, events, "02_red_blue")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
