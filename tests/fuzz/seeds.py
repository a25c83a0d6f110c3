#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""seeds.py BUILD: make the corpus of the fuzz targets anew, in tests/fuzz/corpus (`make fuzz-corpus`).

What is there and not made here stays: inputs that once found a fault. Recordings are of the emulated CPU, whose addresses and
times are the same each time; a seed whose compiler or emulator is not here is left as it is. They are what the readers in Python
make of such a recording (tests/g0r.py), with only so much of the code as is executed.
"""
import os
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))
import g0r  # noqa: E402
from g0r_writer import anew, blob, index, pack, put, put_items, skippable, unsigned  # noqa: E402

FRAME_END = b"\xf0g0\n"  # recording.c
build = os.path.abspath(sys.argv[1])


def seed(target, name, content):
    os.makedirs(os.path.join(HERE, "corpus", target), exist_ok=True)
    with open(os.path.join(HERE, "corpus", target, name), "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())


# ---- recordings ----

class Kept(g0r.Recording):
    """With what the lines of its code are, apart from the strings; by pc."""

    def read_line(self, read):
        pc, length, symbol, low, high = read.number(), read.number(), self.string(read), read.number(), read.number()
        file, line, text, start = self.string(read), read.signed(), self.string(read), read.at
        _, unwind = read.byte(), read.byte()
        if unwind & 1:
            read.byte(), read.signed(), read.byte(), read.byte(), read.signed(), read.signed(), read.signed()
        self.__dict__.setdefault("kept", {})[pc] = (length, symbol, low, high, file, line, text, read.content[start:read.at])
        self.lines[pc] = symbol, pc - low, file, line, text


class Strings:
    def __init__(self):
        self.told = []

    def put(self, text):
        if text is None:
            return put(0)
        if text in self.told:
            return put(2 + self.told.index(text))
        self.told.append(text)
        return put(1) + blob(text.encode())


def code(lines, source):
    """A frame C of these, with a text for the first file."""
    strings, made, files = Strings(), put(len(lines)), []
    for pc, (length, symbol, low, high, file, line, text, rest) in lines.items():
        made += put(pc, length) + strings.put(symbol) + put(low, high) + strings.put(file) + put(unsigned(line)) + strings.put(text) + rest
        files += [file] if file else []
    return b"C" + made + put(bool(files)) + (strings.put(files[0]) + blob(source) if files else b"")


def record(folder, *words):
    """What the frames of a recording hold, with as little code as there can be; None: it cannot be made here."""
    path = os.path.join(folder, "a.g0r")
    command = [f"{build}/g0scope", "record", "--machine=emulated", *words, "-o", path]
    made = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if " steps of " not in made.stdout:  # at the limit it says that it has failed
        print("seeds.py: left as it is:", *words, made.stderr.strip(), file=sys.stderr)
        return None
    contents = g0r.unpack(path)
    contents = contents[:1 + [c[:1] for c in contents].index(b"I")]  # without the twin
    whole = Kept(contents)
    executed = {row.pc for chunk in whole.chunks for row in steps(whole, chunk)}
    lines = {pc: line for pc, line in whole.kept.items() if pc in executed}
    frames = [c for c in contents if not c.startswith((b"C", b"I"))]
    frames.insert(3, code(lines, b"int x;\n\tx++;\n/* \xc3\xa4 */\n"))
    return frames


def steps(recording, chunk):
    state = recording.key(recording.chunks.index(chunk))
    for row in chunk.rows:
        row.forward(state)
        yield row


def again(contents, each, **how):
    return anew(g0r.Recording(contents), each, **how)


def twins(first, second):
    """Two runs in one file: the second's index speaks of frames behind the first's."""
    further, recording = len(first) - 1, g0r.Recording(second)
    for frames in recording.frames.values():
        frames[:] = [frame + further for frame in frames]
    for chunk in recording.chunks:
        chunk.frames = {letter: frame + further * (frame >= 0) for letter, frame in chunk.frames.items()}
    read, numbers = g0r.Reader(index(recording)[1:]), []
    while read.left():
        numbers.append(read.number())
    numbers[4] = unsigned(further)
    return first + second[1:-1] + [b"I" + put(*numbers)]


def pieces(letter, contents):
    assert all(FRAME_END not in content for content in contents)
    return letter + FRAME_END.join(contents[1:])


def tiny(*items, rows=b"", n=0, run=None):
    """A recording of a key of these items, and a chunk of rows; run: what the first two frames of one hold."""
    key = b"K" + put(0, unsigned(-1)) + blob(put_items(items)) + put(0)
    return [*run, b"C\0\0", key] + ([b"S" + put(1, n) + blob(rows) + put(0)] if n else [])


def indexed(contents, n, code=(2,)):
    """With an index of a chunk of n steps behind a tiny one."""
    chunk = n, 0, 0, 0, 0, 0, 0, 0, 0, 3, unsigned(-1), unsigned(4 if n else -1)
    end = len(contents)
    return [*contents, b"E" + put(0) + blob(b"x"), b"I" + put(1, unsigned(-1), unsigned(-1), unsigned(end), unsigned(-1), len(code), *code, 0, 0, 1, *chunk)]


def hostile(run):
    """Small files that ask for much."""
    one = ("N", [0, 15, *map(unsigned, (1, 1, 1, 1))]), ("S", [0, 12, unsigned(1 << 20), unsigned(1 << 16)])
    far = 1 << 62
    row = bytes([1]) + put(0)
    seed("recording", "counts-huge", pieces(b"C", tiny(("N", [0, 15, far, far, far, far]), run=run)))
    seed("recording", "counts-a-million", pieces(b"C", tiny(("N", [0, 15, *map(unsigned, (1, 1 << 20, 1, 1 << 20))]), run=run)))
    seed("recording", "stack-huge", pieces(b"C", tiny(one[0], ("S", [0, 12, far, far]), ("D", [0, far, 1, 2]), run=run)))
    seed("recording", "place-wild", pieces(b"C", tiny(one[0], ("M", [far, 63, *[far] * 6]), ("G", [far, 7, 1, 1, 1]), run=run)))
    seed("recording", "write-wild", pieces(b"C", tiny(*one, rows=bytes([0x11, 0, 0]) + put(far, far), n=1, run=run)))
    seed("recording", "steps-huge", pieces(b"C", tiny(*one, rows=row + b"\0", n=far, run=run)))
    last = [*tiny(*one, run=run), b"S" + put((1 << 63) - 1, 2) + blob((row + b"\0") * 2) + put(0)]
    seed("recording", "step-last", pieces(b"T", indexed(last, 2)))
    wild = indexed(tiny(*one, rows=row + b"\0", n=1, run=run), 1)
    seed("recording", "index-frame-wild", pieces(b"T", [*wild[:-1], wild[-1].replace(put(3, 1, 8), put(3 + (1 << 40), 1, 8))]))
    nobodys = tiny(*one, rows=row + b"\0", n=1, run=run)
    nobodys[3] = nobodys[3].replace(b"K" + put(0, 1), b"K" + put(0, unsigned(-5)), 1)
    seed("recording", "key-of-nobody", pieces(b"T", indexed(nobodys, 1)))
    steer = b"\x1b]0;x\x07\x1b[31m\xc2\x9b\xe2\x80\xae"
    items = *one, ("X", [0, 1, *steer, 0])
    seed("recording", "escapes", pieces(b"C", [*tiny(*items, rows=bytes([9, 0, 0]) + put(1, 0) + blob(steer), n=1, run=run), b"E" + put(1) + blob(steer)]))
    seed("recording", "index-repeats-code", pieces(b"T", indexed(tiny(*one, run=run), 0, [2] * 300)))


def files(folder, contents, run):
    """As they are, with what zstd makes of them."""
    path = os.path.join(folder, "b.g0r")

    def raw(name, what, **how):
        pack(path, what, **how)
        with open(path, "rb") as f:
            seed("recording", name, b"F" + f.read())
    raw("file-whole", contents)
    one = ("N", [0, 15, *map(unsigned, (1, 0, 0, 1))]), ("S", [0, 12, unsigned(1 << 24), unsigned(1 << 24)])
    bomb = tiny(*one, run=run)
    bomb[3] = b"K" + put(0, 1) + blob(put_items(one) + b"D" + put(2 + (1 << 16), 0, unsigned(1 << 16)) + bytes(1 << 16)) + put(0)
    raw("file-bomb-words", bomb, is_whole=False)
    raw("file-bomb-text", [*contents[:4], b"T" + bytes(1 << 22), *contents[4:]], is_whole=False)
    repeats = indexed(tiny(*one, run=run), 0, [2] * (1 << 16))
    repeats[2] = b"C" + put(0, 1, 1) + blob(b"a.c") + blob(b" " * (1 << 16))
    raw("file-index-repeats-code", repeats)
    seed("recording", "file-empty-frames", b"F" + skippable(0x184d2a50, run[0]) + skippable(0x184d2a51, b"") * 4000)
    seed("recording", "file-of-later", b"F" + skippable(0x184d2a50, b'{"format":"g0scope recording","version":99,"minor":7}'))
    table = struct.pack("<II", 0xffffffff, 0xffffffff) * 3 + struct.pack("<IBI", 3, 0, 0x8f92eab1)
    seed("recording", "file-table-wild", b"F" + skippable(0x184d2a50, run[0]) + skippable(0x184d2a5e, table))


def recordings(folder):
    lesson = record(folder, "--limit=40", "stale_link")
    if lesson is None:
        return
    whole = again(lesson, 16)
    seed("recording", "lesson", pieces(b"T", whole))
    seed("recording", "lesson-cut", pieces(b"C", whole[:-3]))
    run = lesson[:2]
    later = again(lesson, 30, change=lambda items: [*items, ("Z", [1, 2, 3])])
    seed("recording", "later-minor", pieces(b"T", [*later[:5], b"?what", *later[5:-1], index(g0r.Recording([*later[:5], b"?what", *later[5:-1]]))]))
    schedule = "--schedule=M0*10 @1ms M0*10 !M0 M0*10 M1*9"
    outside = record(folder, schedule, "ring")
    other = record(folder, "--mcall=keep", schedule, "ring")
    seed("recording", "outside", pieces(b"T", again(outside, 9)))
    seed("recording", "twins", pieces(b"T", twins(again(outside, 20), again(other, 39))))
    seed("recording", "none", pieces(b"T", again(outside, 100)[:4]))
    ended = record(folder, "--schedule=M0*5", "ring")
    files(folder, again(ended, 3), run)
    hostile(run)
    arm = os.path.join(build, "arm64/examples/11_ring")
    made = record(folder, "--limit=30", arm) if os.path.exists(arm) else None
    if made:
        seed("recording", "arm64", pieces(b"T", again(made, 12)))


# ---- schedules, lessons ----

def schedules():
    seed("schedule", "all-kinds", "M0*98 M1*116 !M0 @10ms @1500 @3us @2s M0\n\tm7*3 M0 M0\n")
    seed("schedule", "largest", "@3600s M0*999999999999999 !M999999 M999999")
    seed("schedule", "too-large", "M0*1000000000000000")
    seed("schedule", "too-large-together", "M0*999999999999999 M0*999999999999999")
    seed("schedule", "of-a-lesson", "M0*10 until asleep")
    seed("schedule", "escapes", "M0*2 \x1b[31mM0")
    seed("schedule", "nothing-behind", "M0*2 !M0 @1ms")
    seed("schedule", "long", " ".join(f"M{i % 3}*{i}" for i in range(1, 60)))


FRONT = "---\ntitle: T\nprogram: p\nmcall: keep\nprocs: 3\nseed: 9\n---\n"
LESSONS = {
    "blocks": "Before.\n\n## One *stop*\n\nA `code`, [a link](https://e.org), &amp; \\* more\nlines.\n\n* a\n* b\n\n3. c\n\n<!-- note\nmore -->\n"
    "```do\nrun !M0 @10ms M0 until event gosched G2\nrun all for 12 steps\nrun M1 until at mcall+0x4\nrun M0 until asleep\nfocus M1\n```\n"
    "> clear: so\n> it is.\n\n```ask\nWho?\n- work: it\n- `b`\nanswer: caller of mcall on M0\n```\n"
    "```expect\nverdict of M0 is STALE or CHIMERA\nlink of M0 is not unsound\nstatus of G1 is idle\n```\n"
    "```expect clear\nnever verdict is unsound\nowner of G2 is nobody\nevent is not gosched\n```\n## Two\n```c\nint x;\n\n```\n",
    "escapes": "## \x1b[31m\n\x1b]0;x\x07 \x9b \u202e\n```ask\n\x1b[2J?\n- \x07a\n- b\nanswer: owner of G1\n```\n",
    "zeros": "## a\0b\n\0\n```do\nfocus M0\0\n```\n",
    "nested": "## a\n" + "> " * 60 + "clear: b\n" + "* " * 60 + "c\n" + "[" * 60 + "x" + "](y)" * 60 + "\n",
    "table": "## a\n|a|b|\n|-|-|\n|c|d|\n~~x~~ $y$ <https://e.org> <b>no</b>\n",
    "indent": "## a\n\n    x\n\n1000000000. y\n   ```do\n   focus M0\n   ```\n",
    "clear-before-the-first-stop": "a\n\n> clear: b\n\n<!-- c -->\n\n## d\n",
    "block-before-the-first-stop": "```do\nfocus M0\n```\n\na\n\n## b\n",
    "near": "## a\n```asks\n```\n```expct clear\n```\n",
    "cut": "## a\n```do\nrun M0 until",
    "second-question": "## a\n```ask\nb\n- c\n- d\nanswer: link of M0\n```\n```ask\n",
}


def lessons():
    for name, body in LESSONS.items():
        seed("lesson", name, (FRONT + body).encode("utf-8", "surrogateescape").replace(b"\xc2\x9b", b"\x9b"))
    seed("lesson", "front-unended", "---\ntitle: a\n")
    seed("lesson", "front-wrong", "---\ntitel: a\nprocs: 65\n---\n")
    for name in "01_stale_link", "22_hog":
        shutil.copyfile(f"{ROOT}/examples/{name}.md", f"{HERE}/corpus/lesson/{name}")


# ---- programs ----

def compiled(folder, name, compiler, *flags):
    """small.c, without what a linker would lay between its sections; None: there is no such compiler."""
    path = os.path.join(folder, name)
    command = [compiler, "-g", "-O1", "-fno-pie", "-no-pie", "-nostdlib", "-static", "-Wl,--build-id=none,-n", f"-I{folder}",
               f"-ffile-prefix-map={HERE}/=", f"-ffile-prefix-map={folder}=/sdt", *flags, "-o", path, os.path.join(HERE, "small.c")]
    try:
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    except (OSError, subprocess.CalledProcessError) as e:
        print(f"seeds.py: left as it is: program/{name} ({e})", file=sys.stderr)
        return None
    with open(path, "rb") as f:
        seed("program", name, f.read())
    return path


def changed(path, name, find, to):
    """The same with some bytes changed, all over or where they are first."""
    with open(path, "rb") as f:
        content = f.read()
    assert find in content
    seed("program", name, content.replace(find, to, 1))


def unended(path):
    """With names in debug information of which the last does not end."""
    listed = subprocess.run(["readelf", "-SW", path], capture_output=True, text=True, check=True).stdout
    at, size = (int(n, 16) for n in next(line for line in listed.splitlines() if " .debug_str " in line).split("PROGBITS")[1].split()[1:3])
    with open(path, "rb") as f:
        content = f.read()
    seed("program", "debug-strings-unended", content[:at + size - 1] + b"x" + content[at + size:])


def programs(folder):
    os.mkdir(os.path.join(folder, "sys"))
    for where in "/usr/include/sys", "/usr/include/x86_64-linux-gnu/sys", "/usr/include/aarch64-linux-gnu/sys":
        for name in "sdt.h", "sdt-config.h":
            if os.path.exists(f"{where}/{name}"):
                shutil.copyfile(f"{where}/{name}", f"{folder}/sys/{name}")
    small = compiled(folder, "amd64", "gcc", "-fcf-protection=none")
    compiled(folder, "amd64-without-note", "gcc", "-fcf-protection=none", "-DWITHOUT_NOTE")
    compiled(folder, "amd64-dwarf4-compressed", "gcc", "-fcf-protection=none", "-gdwarf-4", "-gz", "-DWITHOUT_NOTE")
    compiled(folder, "arm64", "aarch64-linux-gnu-gcc")
    if small:
        changed(small, "position-independent", b"\2\0\x3e\0", b"\3\0\x3e\0")
        changed(small, "another-machine", b"\2\0\x3e\0", b"\2\0\x28\0")
        changed(small, "probe-escapes", b"mstart\0", b"m\x1b[2Jt\0")
        changed(small, "probe-argument-wild", b"-4@", b"9@%")
        unended(small)
        changed(small, "cut", open(small, "rb").read()[2000:], b"")
    seed("program", "script", "#!/bin/sh\n")
    seed("program", "archive", "!<arch>\n")


# ---- what the flight recorder wrote ----

def word(n):
    return struct.pack("<Q", n)


def text(content):
    return word(len(content)) + content


def flight(rings, table):
    names = b"".join(f"{name}\0{args}\0-\0".encode() for name, args in table)
    return b"g0trace1" + word(1000) + word(1000) + text(names) + text(b"no/such/program") + b"".join(rings)


def ring(m, seen, *entries):
    """Entries are (time, event's number, arguments)."""
    told = b"".join(word(when << 8 | event) + b"".join(word(a) for a in (*args, 0, 0, 0)[:3]) for when, event, *args in entries)
    return word(m) + word(seen) + word(len(entries)) + told + word(64) + text(b"chan receive") + word(0)


def flights():
    table = [("newproc", "g fn"), ("casgstatus", "g old new"), ("execute", "g m"), ("gopark", "g reason"), ("dropg", "g"), ("newm", "m"),
             ("startm", "m p"), ("stopm", "m"), ("runqput", "p g"), ("runqget", "p g"), ("runqsteal", "p victim n"), ("globrunqput", "g"),
             ("globrunqget", "g"), ("entersyscall", "g"), ("handoffp", "p"), ("exit", "status")]
    one = ring(0, 12, (1, 0, 1, 64), (2, 1, 1, 5, 1), (3, 8, 0, 1), (4, 9, 0, 1), (5, 1, 1, 1, 2), (6, 2, 1, 0), (7, 5, 1), (8, 6, 1, 1),
               (9, 1, 1, 2, 4), (10, 3, 1, 64), (11, 4, 1), (20, 15, 0))
    two = ring(1, 7, (8, 10, 1, 0, 1), (12, 11, 1), (13, 12, 1), (14, 2, 1, 1), (15, 13, 1), (16, 14, 1), (17, 7, 1))
    seed("flight", "two-ms", flight([one, two], table))
    seed("flight", "full-ring", flight([one, two[:8] + word(500) + two[16:]], table))
    seed("flight", "another-build", flight([one], table[::-1]))
    seed("flight", "counts-huge", flight([word(0) + word(1 << 60) * 2], table))
    seed("flight", "cut", flight([one, two], table)[:-9])


def main():
    with tempfile.TemporaryDirectory() as folder:
        schedules()
        flights()
        lessons()
        programs(folder)
        recordings(folder)


main()
