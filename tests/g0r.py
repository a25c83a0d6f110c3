# SPDX-License-Identifier: MIT
"""A reader of recordings, made from docs/recording.md and nothing else; g0r_writer.py writes them.

recording = Recording(unpack(path)); then recording.key(i) is the state before chunk i, and each row of recording.chunks[i].rows leads
it forward(state) by a step, or back(state).
"""
import bisect
import copy
import itertools
import json
import struct
import subprocess

WORD = 1 << 64  # all that grows does so modulo this


# ---- numbers ----

class Reader:
    """Bytes, read from the front."""

    def __init__(self, content):
        self.content, self.at = content, 0

    def left(self):
        return len(self.content) - self.at

    def byte(self):
        self.at += 1
        return self.content[self.at - 1]

    def number(self):
        value = 0
        for shift in itertools.count(0, 7):
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value

    def signed(self):
        return signed(self.number())

    def numbers(self):
        """How many, and these."""
        return [self.number() for _ in range(self.number())]

    def take(self, size):
        self.at += size
        return self.content[self.at - size:self.at]

    def blob(self):
        return self.take(self.number())


def signed(number):
    return number >> 1 ^ -(number & 1)


# ---- frames ----

def unpack(path):
    """What each frame of a whole file holds, the header first; by the table at its end."""
    with open(path, "rb") as f:
        packed = f.read()
    count, _, magic = struct.unpack("<IBI", packed[-9:])
    table = list(struct.iter_unpack("<II", packed[-9 - 8 * count:-9]))
    assert magic == 0x8f92eab1 and sum(size for size, _ in table) == len(packed) - 9 - 8 * count - 8
    # This leaves out the frames that may be skipped, which the table says to hold nothing.
    unpacked = Reader(subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout)
    return [packed[8:table[0][0]]] + [unpacked.take(size) for _, size in table[1:]]


# ---- states ----

# What is new of each letter: its fields, or its list.
NEW = {"M": [0] * 6, "H": [0, -1 % WORD, -1 % WORD, 0, 0], "C": [0] * 128, "G": [0] * 12, "P": [0] * 4, "Q": [], "S": [0] * 4, "W": [], "V": [0] * 4, "L": []}
LISTS = 3  # of each object
THERE = "MRHC", "G", "PQ", "SW"  # of Ms, Gs, Ps and stacks: all letters that there is something of for each
POINTERS = {"amd64": ("rip", "rsp", "rbp"), "arm64": ("pc", "sp", "x29")}


class State:
    """of[letter][place] is what the items of that letter change; of["W"] the words that stacks hold, from the lowest on.

    of["O"] has address and kind of each object that is waited for, in order, and of["L"] its lists, behind those of the ones before.
    """

    def __init__(self, run):
        self.run = run
        self.new = NEW | {"R": [0] * len(run["registers"])}
        self.of = {letter: [] for letter in self.new} | {"Q": [[]], "O": []}
        self.damage = []
        self.pc, self.sp, self.fp = (run["registers"].index(name) for name in POINTERS[run["arch"]])

    def copy(self):
        other = copy.copy(self)
        other.of = {letter: list(map(list, there)) for letter, there in self.of.items()}
        return other

    def fingerprint(self):
        return hash((*self.damage, *(tuple(map(tuple, there)) for there in self.of.values())))

    def m(self, number):
        """The place of the M with this id."""
        return [fields[0] for fields in self.of["M"]].index(number)

    def word(self, address):
        """The stack that holds it, and where, from its end: -1 is the last word."""
        for place, (_, _, lo, size) in enumerate(self.of["S"]):
            at = (address - lo - size) // 8
            if -len(self.of["W"][place]) <= at < 0:
                return place, at
        raise LookupError(hex(address))


# ---- deltas ----

def read_items(read):
    """Each a letter and numbers, up to a 0 byte or the end."""
    items = []
    while read.left() and (letter := read.byte()):
        items.append((chr(letter), read.numbers()))
    return items


def grow(values, at, amounts, sign):
    for i, amount in enumerate(amounts, at):
        values[i] = (values[i] + sign * signed(amount)) % WORD


def fields(bits, *amounts):
    """Which have grown, and by how much."""
    return zip((i for i in range(bits.bit_length()) if bits >> i & 1), map(signed, amounts))


def resize(state, letters, more):
    for letter in letters:
        there = state.of[letter]
        there[len(there) + min(more, 0):] = [list(state.new[letter]) for _ in range(more)]


def hold(words, more, amounts, sign):
    """So many more words, or fewer; one that comes was 0, one that goes is."""
    words[:0] = [0] * more
    grow(words, 0, amounts, sign)
    assert not any(words[:max(-more, 0)])
    del words[:max(-more, 0)]


def come(state, more, thing):
    """An object comes, or with -1 it goes; it is empty then."""
    there, numbers, lists = (state.of[letter] for letter in "OVL")
    place = bisect.bisect_left(there, thing)
    at = slice(LISTS * place, LISTS * (place + max(-more, 0)))
    if more > 0:
        assert thing not in there
        there.insert(place, thing)
        numbers.insert(place, list(state.new["V"]))
    else:
        assert there.pop(place) == thing and not any(numbers.pop(place)) and not any(lists[at])
    lists[at] = [list(state.new["L"]) for _ in range(LISTS * max(more, 0))]


def change(entries, n, sign):
    """Some leave a list at its head, others come at its tail."""
    gone, new = two_lists(n)
    entries[:] = entries[len(gone):] + new if sign > 0 else gone + entries[:len(entries) - len(new)]


def two_lists(n):
    """Of signed numbers, each behind how many they are."""
    behind = 1 + n[0]
    return [signed(v) for v in n[1:behind]], [signed(v) for v in n[behind + 1:behind + 1 + n[behind]]]


def sentences(n):
    """Those that were and those that are: how many, and their bytes, each with a 0 behind."""
    read = iter(n)
    return [[bytes(iter(lambda: next(read), 0)).decode() for _ in range(next(read))] for _ in range(2)]


def apply(state, letter, n, sign=1):
    """Apply an item, or with sign -1 take it back."""
    if letter == "N":
        for i, more in fields(*n[1:]):
            if i < len(THERE):
                resize(state, THERE[i], sign * more)
    elif letter in "RMGPSHV":
        values = state.of[letter][n[0]]
        for i, by in fields(*n[1:]):
            if i < len(values):
                values[i] = (values[i] + sign * by) % WORD
    elif letter == "D":
        hold(state.of["W"][n[0]], sign * signed(n[1]), n[2:], sign)
    elif letter in "WC":
        grow(state.of[letter][n[0]], n[1], n[2:], sign)
    elif letter == "Q":
        change(state.of["Q"][n[0]], n[1:], sign)
    elif letter == "O":
        come(state, sign * signed(n[0]), [n[2], n[1]])
    elif letter == "L" and n[1] < LISTS:
        change(state.of["L"][LISTS * n[0] + n[1]], n[2:], sign)
    elif letter == "X":
        state.damage = sentences(n)[sign > 0]


# ---- rows and chunks ----

class Row:
    """A step. Once it has been gone forward it has a pc in any case, and wrote: (address, old, new, stack) of each word."""

    def __init__(self, read, m):
        bits = read.byte()
        count = bits >> 4 if bits >> 4 < 15 else read.number()
        self.m = read.signed() if bits & 1 else m
        self.pc = read.number() if bits & 2 else None
        self.before = [(read.number(), read.signed(), read.signed()) for _ in range(read.number())] if bits & 4 else []
        self.delta = read_items(read)
        self.words = [(read.signed(), read.signed()) for _ in range(count)]
        self.event = (read.number(), read.numbers(), read.blob()) if bits & 8 else None

    def forward(self, state):
        registers = state.of["R"][state.m(self.m)]
        self.pc = registers[state.pc] if self.pc is None else self.pc
        for item in self.delta:
            apply(state, *item)
        address, self.wrote = registers[state.sp], []
        for further, by in self.words:
            address = (address + further) % WORD
            stack, at = state.word(address)
            words = state.of["W"][stack]
            old, words[at] = words[at], (words[at] + by) % WORD
            self.wrote.append((address, old, words[at], stack))

    def back(self, state):
        for address, old, _, stack in self.wrote:
            state.of["W"][stack][state.word(address)[1]] = old
        for item in reversed(self.delta):
            apply(state, *item, -1)


class Chunk:
    """Its key: step, m, delta, and table, when words were written; its rows, and what was written after each number of them."""

    def __init__(self):
        self.frames = {"K": -1, "T": -1, "S": -1}
        self.told = [0, 0]  # lines and source files that became known with it
        self.output = b""

    def read_key(self, read):
        self.step, self.m, self.delta = read.number(), read.signed(), read_items(Reader(read.blob()))
        addresses = itertools.accumulate(read.numbers())
        self.table = [(8 * address, read.number()) for address in addresses]

    def read_steps(self, read):
        self.first, count = read.number(), read.number()
        rows, self.rows = Reader(read.blob()), []
        for _ in range(count):
            self.rows.append(Row(rows, self.rows[-1].m if self.rows else None))
        self.outputs = [b""] * (count + 1)
        after, output = 0, Reader(self.output)
        while more := read.number():
            after += more - 1
            self.outputs[after] = output.take(read.number())


# ---- variables ----

ANYWHERE = 0, WORD


class Type:
    """members: (name, type, offset, bits, bit) of each; enumerators: (name, value). Types are their numbers."""

    def __init__(self, read, string):
        self.kind, self.flags, self.name = read.byte(), read.byte(), string()
        self.size, self.of, self.count = read.number(), read.number(), read.number() - 1
        self.members = [(string(), read.number(), read.number(), read.byte(), read.byte()) for _ in range(read.number())]
        self.enumerators = [(string(), read.signed()) for _ in range(read.number())]


class Function:
    """scopes: (scope around, function, ranges) of each; variables: (name, type, scope, flags, places).

    A place: (range, how, base, register, n); a range: (first address, that behind the last).
    """

    def __init__(self, read, string):
        self.end = 0

        def a_range():
            start = (self.end + read.signed()) % WORD
            self.end = start + read.number()
            return start, self.end

        def a_place():
            how = read.byte()
            return ANYWHERE if how & 128 else a_range(), how & 127, read.byte(), read.byte(), read.signed()

        self.scopes = [(read.signed(), string(), [a_range() for _ in range(read.number())]) for _ in range(read.number())]
        self.variables = [(string(), read.number(), read.number(), read.byte(), [a_place() for _ in range(read.number())])
                          for _ in range(read.number())]


# ---- a recording ----

class Recording:
    """contents are those of its frames; frames, the numbers of those with a letter.

    lines are what is known of each pc, and unwind how to go on from there; types[n] is that with number n, None void.
    """

    def __init__(self, contents):
        self.contents, self.frames, self.chunks = contents, {letter: [] for letter in "RCLBE"}, []
        self.lines, self.unwind, self.strings = {}, {}, []
        self.types, self.functions, self.names = [None], [], []
        self.code = []  # of each frame C: before which chunk's steps, how many lines and source files, and where its variables begin
        chunk = Chunk()
        for frame, content in enumerate(contents[1:], 1):
            letter, read = chr(content[0]), Reader(content[1:])
            self.frames.setdefault(letter, []).append(frame)
            chunk.frames[letter] = frame
            if letter == "R":
                self.run = json.loads(content[1:])
            elif letter == "K":
                chunk.read_key(read)
            elif letter == "C":
                self.read_code(read, chunk)
            elif letter == "T":
                chunk.output = content[1:]
            elif letter == "S":
                chunk.read_steps(read)
                self.chunks.append(chunk)
                chunk = Chunk()

    def string(self, read, told=None):
        told = self.strings if told is None else told
        which = read.number()
        if which == 1:
            told.append(read.blob().decode())
        return told[which - 2 if which > 1 else -1] if which else None

    def read_line(self, read):
        pc, _, symbol, start, _ = read.number(), read.number(), self.string(read), read.number(), read.number()
        self.lines[pc] = symbol, pc - start, self.string(read), read.signed(), self.string(read)
        _, unwind = read.byte(), read.byte()
        if unwind & 1:
            self.unwind[pc] = unwind, read.byte(), read.signed()
            read.byte(), read.byte(), read.signed(), read.signed(), read.signed()

    def read_code(self, read, chunk):
        lines = read.number()
        for _ in range(lines):
            self.read_line(read)
        files = read.number()
        for _ in range(files):
            self.string(read), read.blob()
        if self.code:  # else it is what was known at step 0
            chunk.told = [chunk.told[0] + lines, chunk.told[1] + files]
        self.code.append((len(self.chunks), [lines, files], 1 + read.at))
        for what, made in ((self.types, Type), (self.functions, Function)) if read.left() else ():
            what += [made(read, lambda: self.string(read, self.names)) for _ in range(read.number())]

    def key(self, i):
        """The state before chunk i, by no steps at all."""
        state = self.key(i & i - 1) if i else State(self.run)
        for item in self.chunks[i].delta:
            apply(state, *item)
        return state
