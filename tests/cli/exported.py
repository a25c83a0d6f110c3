# SPDX-License-Identifier: MIT
"""exported.py WHAT FILE [DUMP]: whether an exported file is what it should be; called by export.sh. Says what is wrong, if anything.

WHAT is "chrome" or "folded", and DUMP what `g0scope dump --json` says of the same recording; or "asciicast", and DUMP a directory, into which
the picture of each step goes, as text.
"""
import collections
import json
import os
import re
import sys
import unicodedata


def fail(why):
    print(why)
    sys.exit(1)


def read_dump(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def folded(path, steps):
    """Its counts are what dump says of each M at each step, by verdict and M."""
    want, got = collections.Counter(), collections.Counter()
    for step in steps:
        for m in step["ms"]:
            if not m["exited"]:
                want[m["verdict"], f"M{m['id']}"] += 1
    with open(path, encoding="utf-8") as f:
        for line in f:
            stack, count = line.rstrip("\n").rsplit(" ", 1)
            frames = stack.split(";")
            if len(frames) < 3 or not all(frames) or not count.isdigit() or count == "0":
                fail(f"no folded stack: {line}")
            got[frames[0], frames[1]] += int(count)
    if got != want:
        fail(f"counted {dict(got)}\nbut dump says {dict(want)}")
    print(" ".join(f"{verdict}={sum(n for (v, _), n in got.items() if v == verdict)}" for verdict in sorted({v for v, _ in got})))


KEYS = {  # of an event of each phase, besides ph, pid, tid and ts; those behind "?" need not be there
    "M": ({"name", "args"}, set()), "B": ({"name", "cat"}, {"args"}), "E": (set(), set()), "i": ({"name", "cat", "s", "args"}, set()),
    "C": ({"name", "args"}, set()), "s": ({"name", "cat", "id"}, set()), "f": ({"name", "cat", "id", "bp"}, set()),
    "b": ({"name", "cat", "id"}, {"args"}), "e": ({"name", "cat", "id"}, set()),
}
SWITCHES = re.compile("systemstack|asmcgocall(back)?|gogo|mcall_.*")
DEPARTS = {"newproc", "goready", "gosched", "goyield", "gopreempt"}


def is_event(e):
    """As the format has it, and no more than that."""
    must, may = KEYS[e["ph"]]
    keys = set(e) - {"ph", "pid", "tid", "ts"}
    return (e["pid"] == 1 and all(isinstance(e[k], int) and e[k] >= 0 for k in ("tid", "ts")) and must <= keys <= must | may and
            all(isinstance(e[k], str) and e[k] for k in keys & {"name", "cat", "s", "bp"}) and isinstance(e.get("args", {}), dict))


class Chrome:
    """What is to be seen after each step, by going through the events."""

    def __init__(self):
        self.slices = {}  # of each M, outermost first
        self.names, self.verdicts, self.lengths, self.instants, self.begun = {}, {}, {}, {}, {}

    def take(self, e):
        getattr(self, "take_" + e["ph"])(e, e["tid"])

    def take_M(self, e, m):
        self.names[e["name"], m] = e["args"]["name"]

    def take_B(self, e, m):
        self.slices.setdefault(m, []).append((e["cat"], e["name"]))
        self.begun.setdefault((e["ts"], m), []).append(e["name"])

    def take_E(self, e, m):
        if not self.slices.get(m):
            fail(f"nothing ends there: {e}")
        self.slices[m].pop()

    def take_i(self, e, m):
        self.instants[e["ts"], m] = e["name"], e["args"]

    def take_C(self, e, m):
        for key, n in e["args"].items():
            if not isinstance(n, int) or n < 0:
                fail(f"no length: {e}")
            self.lengths[e["name"] + " " + key] = n

    def take_b(self, e, m):
        if e["id"] != f"M{m}" or e["cat"] != "verdict":
            fail(f"whose verdict: {e}")
        self.verdicts.setdefault(m, []).append(e["name"])

    def take_e(self, e, m):
        if not self.verdicts.get(m) or self.verdicts[m].pop() != e["name"]:
            fail(f"that verdict is not open: {e}")


def is_call(name, true):
    return name == true or (name == "?" and true.startswith("0x"))


def see_m(now, m, at):
    """The M of a step of dump, and what the trace has of it."""
    mid, slices = m["id"], now.slices.get(m["id"], [])
    if now.names.get(("thread_name", mid)) != f"M{mid}":
        fail(f"{at}: no name")
    if now.verdicts[mid] != ([] if m["exited"] else [f"verdict on M{mid}", m["verdict"]]):
        fail(f"{at}: {now.verdicts[mid]}, and dump has {m['verdict']}")
    calls = [name for cat, name in reversed(slices) if cat == "call"]
    true = m["truth"]
    if len(calls) < len(true) or not all(map(is_call, calls, true)) or (len(calls) > len(true) and not m["exited"] and len(true) < 64):
        fail(f"{at}: {calls}, and dump has {true}")
    if (bool(slices) and slices[-1][0] == "asleep") != (m["asleep"] and bool(true)):
        fail(f"{at}: asleep or not: {slices}")
    stacks = [name for cat, name in slices if cat == "stack"]
    # Between two instructions of a switch SP is on one stack and its frame on another.
    if true and m["on"] and stacks[-1] != m["on"] and not SWITCHES.fullmatch(true[0]):
        fail(f"{at}: {slices}, and dump has it on {m['on']}")


def see_queues(now, runq, at):
    want = {"global run queue": len(runq["global"])}
    for p in runq["p"]:
        want |= {f"P{p['id']} run queue": len(p["q"]), f"P{p['id']} runnext": int(p["runnext"] is not None)}
    got = {name: n for name, n in now.lengths.items() if name != "executes M"}
    if got != want:
        fail(f"{at}: {got}, and dump has {want}")


def see_step(now, step):
    """After its events the trace has what dump has of it."""
    at = f"step {step['step']}"
    if {m for m, slices in now.slices.items() if slices} > {m["id"] for m in step["ms"]}:
        fail(f"{at}: an M too many")
    for m in step["ms"]:
        see_m(now, m, f"{at}, M{m['id']}")
    see_queues(now, step["runq"], at)
    if step["m"] is not None and now.lengths["executes M"] != step["m"]:
        fail(f"{at}: another M executes")
    event = now.instants.get((step["step"], step["m"]))
    if (event[0] if event else None) != step["event"]:
        fail(f"{at}: {event}, and dump has {step['event']}")


def flows(events, now):
    """Each begins at an event that makes a G ready or lets go of it, and ends where a slice of that G begins; none is missing."""
    ends = {"s": {}, "f": {}}
    for e in events:
        if e["ph"] in ends:
            if e["id"] in ends[e["ph"]]:
                fail(f"twice: {e}")
            ends[e["ph"]][e["id"]] = e
    if ends["s"].keys() != ends["f"].keys():
        fail("an arrow with one end")
    got = set()
    for i, s in ends["s"].items():
        f = ends["f"][i]
        name, args = now.instants[s["ts"], s["tid"]]
        if s["name"] != f["name"] or s["name"] != name or s["ts"] >= f["ts"] or f["bp"] != "e":
            fail(f"no arrow: {s} {f}")
        if f"G{args['g']}" not in now.begun.get((f["ts"], f["tid"]), []):
            fail(f"G{args['g']} does not begin there: {f}")
        got.add((s["ts"], f["ts"], args["g"]))
    want, ready = set(), {}
    for ts, m in sorted(now.instants.keys() | now.begun.keys()):
        for name in now.begun.get((ts, m), []):
            if name[0] == "G" and name[1:].isdigit() and int(name[1:]) in ready:
                want.add((ready.pop(int(name[1:])), ts, int(name[1:])))
        name, args = now.instants.get((ts, m), (None, None))
        if name in DEPARTS:
            ready[args["g"]] = ts
    if got != want:
        fail(f"arrows missing: {want - got}; too many: {got - want}")
    return len(got)


def chrome(path, steps):
    """Gone through step by step it is, after each, what dump says."""
    with open(path, encoding="utf-8") as f:
        trace = json.load(f)
    events = trace["traceEvents"]
    if set(trace) != {"otherData", "traceEvents"} or "microsecond is a step" not in trace["otherData"]["time"]:
        fail(f"keys: {list(trace)} {trace['otherData']}")
    for e in events:
        if not is_event(e):
            fail(f"no trace event: {e}")
    if events[0]["name"] != "process_name":
        fail("no name")
    now, i = Chrome(), 0
    in_order = [e for e in events if e["ph"] not in "sf"]
    if any(a["ts"] > b["ts"] for a, b in zip(in_order, in_order[1:]) if b["ph"] != "M"):
        fail("not in the order of time")
    for step in steps:
        while i < len(in_order) and in_order[i]["ts"] <= step["step"]:
            now.take(in_order[i])
            i += 1
        see_step(now, step)
    for e in in_order[i:]:
        now.take(e)
    if any(now.slices.values()) or any(now.verdicts.values()):
        fail(f"still open: {now.slices} {now.verdicts}")
    print(f"events={len(events)} flows={flows(events, now)}")


class Screen:
    """A terminal that knows what g0scope sends, and nothing else."""

    def __init__(self, cols, rows):
        self.cols, self.rows, self.x, self.y = cols, rows, 0, 0
        self.cells = None

    def send(self, data):
        for sequence, params, final, text in re.findall("(\x1b\\[([0-9;?]*)([A-Za-z]))|([^\x1b]+)|\x1b", data):
            if text:
                self.put(text)
            elif not sequence:
                fail("half a control sequence")
            elif final == "H":
                self.y, self.x = (int(n) - 1 for n in params.split(";"))
            elif final == "J" and params == "2":
                self.cells = [[" "] * self.cols for _ in range(self.rows)]
            elif not (final == "m" and re.fullmatch(r"0(;1)?(;4)?(;7)?(;38;5;\d+)?", params)) and params + final not in ("?25l", "?7l"):
                fail(f"what is {sequence!r}")

    def put(self, text):
        for c in text:
            if ord(c) < 32 or not 0 <= self.y < self.rows or not 0 <= self.x < self.cols:
                fail(f"{c!r} at {self.x}, {self.y}")
            if unicodedata.combining(c):
                self.cells[self.y][self.x - 1] += c
                continue
            wide = unicodedata.east_asian_width(c) in "WF"
            self.cells[self.y][self.x:self.x + 1 + wide] = [c, ""] if wide else [c]
            self.x += 1 + wide

    def text(self):
        return "".join("".join(row).rstrip(" ") + "\n" for row in self.cells)


def asciicast(path, folder):
    """The picture after each line goes into the folder, by its step; the last line changes nothing."""
    with open(path, encoding="utf-8") as f:
        head, *events = map(json.loads, f)
    if head["version"] != 2 or not isinstance(head["title"], str) or head["env"] != {"TERM": "xterm-256color"}:
        fail(f"no head: {head}")
    screen, steps = Screen(head["width"], head["height"]), []
    if [e[0] for e in events] != sorted({e[0] for e in events}) or any(len(e) != 3 or e[1] != "o" for e in events):
        fail("no events, one after the other")
    for _, _, data in events[:-1]:
        screen.send(data)
        steps.append(int(re.search(r"step (\d+) of ", screen.text())[1]))
        with open(os.path.join(folder, f"{steps[-1]}.txt"), "w", encoding="utf-8") as f:
            f.write(screen.text())
    if steps != sorted(set(steps)) or events[-1][2]:
        fail(f"steps: {steps}")
    print(f"{head['width']}x{head['height']} {len(steps)} from {steps[0]} to {steps[-1]} in {events[-1][0]} s: {head['title']}")
    print(*steps)


def main():
    if sys.argv[1] == "asciicast":
        return asciicast(*sys.argv[2:])
    what, path, *dump = sys.argv[1:]
    return {"chrome": chrome, "folded": folded}[what](path, *map(read_dump, dump))


main()
