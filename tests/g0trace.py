# SPDX-License-Identifier: MIT
"""g0trace.py FILE: what the flight recorder has kept (G0_TRACE=FILE), one sentence an event, in the order of time.

The format is described in docs/instruments.md. Functions are named by nm, if the program is where it was.
"""
import collections
import re
import struct
import subprocess
import sys

Event = collections.namedtuple("Event", "ns m name args")
STATUS = "idle runnable running syscall waiting dead".split()


class Trace:
    """A file: events (by time), dropped {M: how many are not there}, sentence(event)."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        self.at = 0
        if self.take(8) != b"g0trace1":
            raise ValueError(f"{path} is no trace of G0_TRACE")
        ticks, ns = self.words(2)
        self.ns_a_tick = ns / max(ticks, 1)
        fields = self.take(self.word()).decode().split("\0")
        self.table = [(name, args.split(), text) for name, args, text in zip(*[iter(fields)] * 3)]
        self.program = self.take(self.word()).decode(errors="replace")
        self.strings, self.dropped, self.events = {}, {}, []
        while self.at < len(self.data):
            self.ring()
        self.events.sort(key=lambda e: e.ns)
        self.functions = None

    def take(self, n):
        if n > len(self.data) - self.at:
            raise ValueError("the file ends too early")
        self.at += n
        return self.data[self.at - n : self.at]

    def words(self, n):
        return struct.unpack(f"<{n}Q", self.take(8 * n))

    def word(self):
        return self.words(1)[0]

    def ring(self):
        m, n, kept = self.words(3)
        self.dropped[m] = n - kept
        for _ in range(kept):
            when, *args = self.words(4)
            name, names, _ = self.table[when & 255]
            self.events.append(Event((when >> 8) * self.ns_a_tick, m, name, args[: len(names)]))
        while addr := self.word():
            self.strings[addr] = self.take(self.word()).decode(errors="replace")

    def function(self, addr):
        if self.functions is None:
            said = subprocess.run(["nm", self.program], capture_output=True, text=True, check=False).stdout
            self.functions = {int(a, 16): name for a, name in re.findall(r"^([0-9a-f]+) [tT] (\S+)$", said, re.M)}
        return self.functions.get(addr, hex(addr))

    def sentence(self, event):
        names, text = next((names, text) for name, names, text in self.table if name == event.name)
        words = [self.word_for(n, v) for n, v in zip(names, event.args)]
        return re.sub(r"\{(\d)\}", lambda n: words[int(n[1])], text)

    def word_for(self, name, value):
        if name in ("old", "new"):
            return STATUS[value] if value < len(STATUS) else str(value)
        if name == "reason":
            return self.strings.get(value, hex(value))
        if name == "fn":
            return self.function(value)
        return str(value - 2**64 if value >> 63 else value)


def main():
    if len(sys.argv) != 2:
        sys.exit("use: g0trace.py FILE")
    trace = Trace(sys.argv[1])
    for event in trace.events:
        print(f"{event.ns / 1000:12.3f} us  M{event.m}  {event.name:<12} {trace.sentence(event)}")
    for m, n in sorted(trace.dropped.items()):
        if n:
            print(f"M{m}: {n} older events are not there")


if __name__ == "__main__":
    main()
