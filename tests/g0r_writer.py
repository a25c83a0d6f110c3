# SPDX-License-Identifier: MIT
"""A writer of recordings, made from docs/recording.md and nothing else: pack(path, anew(recording)) for one that g0r.py has read.

Nothing of its chunks, keys, tables and index is taken over, only what the rows say.
"""
import json
import os
import struct
import subprocess
import tempfile

from g0r import ANYWHERE, LISTS, WORD, THERE, Recording, State, apply


# ---- numbers, frames ----

def unsigned(value):
    """The number that stands for a signed one; the value is any modulo 2^64."""
    value = (value + WORD // 2) % WORD - WORD // 2
    return 2 * value if value >= 0 else -2 * value - 1


def put(*numbers):
    made = bytearray()
    for n in numbers:
        while n > 127:
            made.append(n & 127 | 128)
            n >>= 7
        made.append(n)
    return bytes(made)


def blob(content):
    return put(len(content)) + content


def skippable(magic, content):
    return struct.pack("<II", magic, len(content)) + content


def zstd(contents):
    """Each as a frame of its own."""
    with tempfile.TemporaryDirectory() as work:
        names = [os.path.join(work, str(i)) for i in range(len(contents))]
        for name, content in zip(names, contents):
            with open(name, "wb") as f:
                f.write(content)
        subprocess.run(["zstd", "-q", *names], check=True)
        for name in names:
            with open(name + ".zst", "rb") as f:
                yield f.read()


def pack(path, contents, is_whole=True):
    """Write a file of frames that hold this, the header first; if it is to be whole, with a seek table."""
    frames = [skippable(0x184d2a50, contents[0]), *zstd(contents[1:])]
    table = [struct.pack("<II", len(frame), len(content)) for frame, content in zip(frames, [b"", *contents[1:]])]
    seek = skippable(0x184d2a5e, b"".join(table) + struct.pack("<IBI", len(table), 0, 0x8f92eab1))
    with open(path, "wb") as f:
        f.write(b"".join(frames) + (seek if is_whole else b""))


# ---- deltas ----

class Delta:
    """The items that lead from one state to another: first what there is, then what each is."""

    def __init__(self, a, b):
        self.items, self.now = [], a.copy()
        self.fields("N", 0, *([len(state.of[letters[0]]) for letters in THERE] for state in (a, b)))
        for place, stack in enumerate(b.of["S"]):
            if self.now.of["S"][place] != stack:
                self.hold(place, [])
        self.objects(b)
        for letter in "SMRHGPV":
            for place, values in enumerate(b.of[letter]):
                self.fields(letter, place, self.now.of[letter][place], values)
        for place, words in enumerate(b.of["W"]):
            self.hold(place, words)
            self.words("W", place, words)
        for place, chain in enumerate(b.of["C"]):
            self.words("C", place, chain)
        for place, queue in enumerate(b.of["Q"]):
            self.change("Q", place, queue, place)
        for at, entries in enumerate(b.of["L"]):
            self.change("L", at, entries, *divmod(at, LISTS))
        if a.damage != b.damage:
            self.item("X", *damage(a), *damage(b))

    def item(self, letter, *numbers):
        self.items.append((letter, list(numbers)))
        apply(self.now, letter, numbers)

    def fields(self, letter, place, old, new):
        grown = {i: unsigned(is_ - was) for i, (was, is_) in enumerate(zip(old, new)) if is_ != was}
        if grown:
            self.item(letter, place, sum(1 << i for i in grown), *grown.values())

    def words(self, letter, place, new):
        old = self.now.of[letter][place]
        if old != new:
            self.item(letter, place, 0, *(unsigned(is_ - was) for was, is_ in zip(old, new)))

    def hold(self, place, new):
        old = self.now.of["W"][place]
        more = len(new) - len(old)
        if more:
            self.item("D", place, unsigned(more), *map(unsigned, new[:more] if more > 0 else [-word for word in old[:-more]]))

    def objects(self, b):
        """Those that are not there any more go, when they are empty, and those that are not there yet come."""
        for address, kind in [thing for thing in self.now.of["O"] if thing not in b.of["O"]]:
            place = self.now.of["O"].index([address, kind])
            self.fields("V", place, self.now.of["V"][place], [0] * 4)
            for which in range(LISTS):
                self.change("L", LISTS * place + which, [], place, which)
            self.item("O", unsigned(-1), kind, address)
        for address, kind in [thing for thing in b.of["O"] if thing not in self.now.of["O"]]:
            self.item("O", unsigned(1), kind, address)

    def change(self, letter, at, new, *place):
        old = self.now.of[letter][at]
        if old != new:
            self.item(letter, *place, len(old), *map(unsigned, old), len(new), *map(unsigned, new))


def damage(state):
    return [len(state.damage), *"".join(sentence + "\0" for sentence in state.damage).encode()]


def put_items(items):
    return b"".join(letter.encode() + put(len(n), *n) for letter, n in items)


# ---- variables ----

def put_string(text):
    """It is told each time."""
    return put(0) if text is None else put(1) + blob(text.encode())


def put_range(function, ends):
    start, end = ends
    made = put(unsigned(start - function.end), end - start)
    function.end = end
    return made


def put_type(t, number):
    made = bytes([t.kind, t.flags]) + put_string(t.name) + put(t.size, number(t.of), t.count + 1, len(t.members))
    made += b"".join(put_string(name) + put(number(of), at) + bytes([bits, bit]) for name, of, at, bits, bit in t.members)
    return made + put(len(t.enumerators)) + b"".join(put_string(name) + put(unsigned(value)) for name, value in t.enumerators)


def put_function(f, number):
    f.end, made = 0, put(len(f.scopes))
    for around, function, ranges in f.scopes:
        made += put(unsigned(around)) + put_string(function) + put(len(ranges)) + b"".join(put_range(f, r) for r in ranges)
    made += put(len(f.variables))
    for name, of, scope, flags, places in f.variables:
        made += put_string(name) + put(number(of), scope) + bytes([flags]) + put(len(places))
        for where, how, base, register, n in places:
            made += bytes([how | 128]) if where == ANYWHERE else bytes([how]) + put_range(f, where)
            made += bytes([base, register]) + put(unsigned(n))
    return made


def put_variables(recording):
    """All that it has, from the last to the first, with other numbers."""
    def number(of):
        return len(recording.types) - of if of else 0

    types, functions = recording.types[:0:-1], recording.functions[::-1]
    made = put(len(types)) + b"".join(put_type(t, number) for t in types)
    return made + put(len(functions)) + b"".join(put_function(f, number) for f in functions)


# ---- rows, keys ----

def put_row(row, change):
    """All is told of it that a row may leave out."""
    bits = 3 | bool(row.before) << 2 | bool(row.event) << 3 | min(len(row.words), 15) << 4
    made = bytes([bits]) + (put(len(row.words)) if len(row.words) >= 15 else b"") + put(unsigned(row.m), row.pc)
    if row.before:
        made += put(len(row.before), *(n for kind, m, ns in row.before for n in (kind, unsigned(m), unsigned(ns))))
    made += put_items(change(row.delta)) + b"\0" + put(*(unsigned(n) for word in row.words for n in word))
    if row.event:
        made += put(row.event[0], len(row.event[1]), *row.event[1]) + blob(row.event[2])
    return made


def put_outputs(outputs):
    """outputs are what was written after each number of steps, from 0 on."""
    made, last = [], 0
    for after, output in enumerate(outputs):
        if output:
            made += [1 + after - last, len(output)]
            last = after
    return put(*made, 0)


def last_written(rows, first):
    """Of each word the step that wrote it last, in order of address."""
    return dict(sorted({word[0]: step for step, row in enumerate(rows, first) for word in row.wrote}.items()))


def put_table(rows, step):
    """When words were written by rows, the last of which leads to this step."""
    table = last_written(rows, step + 1 - len(rows))
    far = [(address - before) // 8 for before, address in zip([0, *table], table)]
    return put(len(table), *far, *(step + 1 - written for written in table.values()))


# ---- a recording ----

def anew(recording, each=100, change=list):
    """What the frames hold of a file in chunks of so many steps, with change(items) for all items of each delta."""
    rows = [row for chunk in recording.chunks for row in chunk.rows]
    outputs = recording.chunks[0].outputs[:1] + [output for chunk in recording.chunks for output in chunk.outputs[1:]]
    code = [(recording.chunks[chunk].first, recording.contents[frame][:end] + (put(0, 0) if i else put_variables(recording)))
            for i, (frame, (chunk, _, end)) in enumerate(zip(recording.frames["C"], recording.code))]
    contents = [recording.contents[0], b"R" + json.dumps(recording.run).encode()]
    state, keys = recording.key(0), []
    for i, start in enumerate(range(0, len(rows), each)):
        other, chunk = i & i - 1, rows[start:start + each]
        keys.append(state.copy())
        delta = Delta(keys[other] if i else State(recording.run), state).items
        contents.append(b"K" + put(start, unsigned(rows[start - 1].m if i else -1)) + blob(put_items(change(delta)))
                        + put_table(rows[other * each:start], start))
        while code and code[0][0] <= start + each:
            contents.append(code.pop(0)[1])
        for row in chunk:
            row.forward(state)
        written = [b"" if i else outputs[0], *outputs[start + 1:start + each + 1]]
        if any(written):
            contents.append(b"T" + b"".join(written))
        steps = b"".join(put_row(row, change) for row in chunk)
        contents.append(b"S" + put(start + 1, len(chunk)) + blob(steps) + put_outputs(written))
    contents += [recording.contents[frame] for frame in recording.frames["L"][-1:] + recording.frames["B"][-1:] + recording.frames["E"]]
    return contents + [index(Recording(contents))]


def index(recording):
    """What frame I is to hold, made from the others."""
    r, c, *others = (recording.frames[letter] for letter in "RCLBE")
    last = [unsigned(frames[-1] if frames else -1) for frames in others]
    made = [r[0], *last, unsigned(-1), len(c), *c, *recording.code[0][1], len(recording.chunks)]
    events = output = turns = begun = m = 0
    for chunk in recording.chunks:
        made += [len(chunk.rows), events, output, turns, chunk.first - begun if turns else 0, unsigned(m)]
        ms = 0
        for step, row in enumerate(chunk.rows, chunk.first):
            if row.m != m or row.before or not turns:
                turns, begun, m = turns + len(row.before) + 1, step, row.m
            if row.event:
                events, ms = events + 1, ms | 1 << row.m % 64
        output += len(chunk.output)
        made += [ms, *chunk.told, chunk.frames["K"], unsigned(chunk.frames["T"]), unsigned(chunk.frames["S"])]
    return b"I" + put(*made)
