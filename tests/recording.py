#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""recording.py [O]: recordings by somebody else's reader and writer (g0r.py, g0r_writer.py), made from docs/recording.md only.

Programs are recorded and read: the state at each step, over keys, forwards and backwards, is the same, and is what g0scope dumps.
They are written anew, in other chunks with other deltas, and g0scope says the same of that; also of a file without its end, and of
one of a later version that has more in it than is known. 77 where there is no zstd(1).
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import tap
from g0r import LISTS, Reader, Recording, Row, State, apply, read_items, unpack
from g0r_writer import anew, blob, index, last_written, pack, put, unsigned
from tap import check

O = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
STATUS = "idle", "runnable", "running", "syscall", "waiting", "dead"
ASLEEP, EXITED = 1, 2
NONE = -1 % (1 << 64)
KINDS = (("chan", ("elemsize", "cap", "len", "closed"), ("receivers", "senders", "elements")),
         ("mutex", ("users", "released"), ("waiters",)),
         ("rwmutex", ("reading", "writing"), ("readers", "writers")),
         ("waitgroup", ("n",), ("waiters",)),
         ("timer", ("when", "seq", "fn", "arg"), ("wakes",)))

# What is recorded; of each how many steps a dump is looked at, and whether it is written anew. The last ones are there after
# `make tests` and `make ARCH=arm64`: an M whose id is not its place, and what is damaged; all that Gs wait for; and another architecture.
PROGRAMS = (
    (("deadlock", "--seed=1"), 5, True),
    (("hog", "--machine=emulated", "--schedule=M0*1500 !M0 M0*600"), 1, True),
    (("stale_link", "--seed=1", "--mcall=keep"), 5, False),
    (("select", "--seed=1", "--mcall=keep", "--limit=4500"), 5, False),
    (("ring", "--schedule=M0*2000 @1ms M0*2096 !M0 M0*300 M1*99"), 5, False),
    (("steal", "--seed=1", "--limit=4200"), 10, False),
    (("sieve", "--seed=1", "--mcall=keep", "--limit=12300"), 50, False),
    ((os.path.join(O, "tests/programs/damage"), "--seed=1", "--", "m_id"), 1, True),
    *(((os.path.join(O, "tests/programs/waiters"), "--seed=1", "--", mode), 1, mode in ("channel", "rwmutexes", "timers"))
      for mode in ("channel", "selects", "mutexes", "rwmutexes", "waitgroups", "timers")),
    ((os.path.join(O, "arm64/examples/11_ring"), "--seed=1", "--mcall=keep", "--limit=1000"), 1, True),
)


def g0scope(*words):
    return subprocess.run([os.path.join(O, "g0scope"), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)


# ---- what is read, as it is dumped ----

def name(state, place):
    kind, whose = state.of["S"][place][:2]
    return f"G{state.of['G'][whose][0]}" if kind == 1 else f"M{whose}.{'gsignal' if kind else 'g0'}"


def extent(state, place):
    lo, size = state.of["S"][place][2:]
    return {"lo": hex(lo), "hi": hex(lo + size)}


def shown_m(state, fields, registers):
    number, curg, _, flags, g0, _ = fields
    return {"id": number, "pc": hex(registers[state.pc]), "sp": hex(registers[state.sp]), "fp": hex(registers[state.fp]),
            "curg": curg or None, "g0": extent(state, g0), "asleep": bool(flags & ASLEEP), "exited": bool(flags & EXITED)}


def shown_g(state, fields):
    number, status, m, stack = fields[:4]
    return {"id": number, "status": STATUS[status], "m": None if m == NONE else m, "stack": name(state, stack), **extent(state, stack)}


def shown_number(name, value):
    """Addresses and words are dumped as such, all else with its sign."""
    word = value % (1 << 64)
    return hex(word) if name in ("fn", "arg", "elements") else word - (word >> 63 << 64)


def shown_object(state, place, address, kind):
    name, numbers, lists = KINDS[kind]
    dumped = {"kind": name, "addr": hex(address)}
    dumped |= {number: shown_number(number, value) for number, value in zip(numbers, state.of["V"][place])}
    for which, entries in zip(lists, state.of["L"][LISTS * place:]):
        dumped[which] = [shown_number(which, entry) for entry in entries]
    return dumped


def shown(state):
    p = [{"id": fields[0], "runnext": fields[3] or None, "q": queue} for fields, queue in zip(state.of["P"], state.of["Q"][1:])]
    return {"ms": [shown_m(state, *m) for m in zip(state.of["M"], state.of["R"])], "gs": [shown_g(state, g) for g in state.of["G"]],
            "runq": {"global": state.of["Q"][0], "p": p}, "damage": state.damage,
            "waits": [shown_object(state, place, *thing) for place, thing in enumerate(state.of["O"])]}


def shown_step(recording, state, row):
    symbol, further, file, line, insn = recording.lines[row.pc]
    return {"m": row.m, "event": recording.run["events"][row.event[0]] if row.event else None, "pc": hex(row.pc),
            "sym": f"{symbol}+{further:#x}" if further else symbol, "file": file, "line": line, "insn": insn,
            "before": [{"signal": m} if kind == 1 else {"ns": ns} for kind, m, ns in row.before],
            "wrote": [{"addr": hex(address), "old": hex(old), "new": hex(new), "stack": name(state, stack)}
                      for address, old, new, stack in row.wrote]}


def is_dumped(dumped, mine):
    """Whether all of mine is in what was dumped. There is more: what follows from that."""
    if isinstance(mine, dict):
        return all(is_dumped(dumped.get(key, []), mine[key]) for key in mine)
    if isinstance(mine, list):
        return len(dumped) == len(mine) and all(map(is_dumped, dumped, mine))
    return dumped == mine


def are_words_dumped(state, dumped):
    """A stack's words are dumped from somewhere on up to its end: from SP at least, where an M is on it."""
    sps = [registers[state.sp] for registers, m in zip(state.of["R"], state.of["M"]) if not m[3] & EXITED]
    for place, held in enumerate(state.of["W"]):
        lo, size = state.of["S"][place][2:]
        words = dumped[name(state, place)]
        n = len(words["hex"])
        in_use = max(((lo + size - sp) // 8 for sp in sps if lo <= sp < lo + size), default=0)
        if [hex(word) for word in held[len(held) - n:]] != words["hex"] or int(words["lo"], 16) + 8 * n != lo + size:
            return False
        if n < min(len(held), in_use):
            return False
    return True


def output_dumped(dumped):
    return bytes.fromhex(dumped["output_hex"]) if "output_hex" in dumped else dumped.get("output", "").encode()


# ---- variables ----

SIGNED, UNSIGNED, CHAR, UCHAR, POINTER, FUNCTION, TYPEDEF = 2, 3, 5, 6, 9, 13, 14
GONE, UNKNOWN, IN_REGISTER, IN_MEMORY, IS = range(5)
NOTHING, CFA, REGISTER, ENTRY = range(4)


def plain(recording, of):
    """What a type is without its other names and qualifiers; None: void."""
    while of and recording.types[of].kind >= TYPEDEF:
        of = recording.types[of].of
    return recording.types[of]


def number_in(state, address, size):
    """None: it is not in a part of a stack that is held."""
    made = 0
    for i in reversed(range(address, address + size)):
        try:
            stack, at = state.word(i & -8)
        except LookupError:
            return None
        made = made << 8 | state.of["W"][stack][at] >> 8 * (i & 7) & 255
    return made


def in_words(t, bits):
    """A number or an address as it is dumped; None: it is another kind of value, or has words behind it."""
    bits &= (1 << 8 * t.size) - 1
    if t.kind == SIGNED:
        return str(bits - (bits >> 8 * t.size - 1 << 8 * t.size))
    return str(bits) if t.kind == UNSIGNED else hex(bits)


def base_of(recording, state, registers, base, register):
    """What n is added to; None: it is not known."""
    if base == CFA and registers[state.pc] in recording.unwind:
        bits, register, offset = recording.unwind[registers[state.pc]]
        cfa = (registers[register] + offset) % (1 << 64)
        return number_in(state, cfa, 8) if bits & 2 else cfa
    return {NOTHING: 0, REGISTER: registers[register]}.get(base)


def shown_variable(recording, state, registers, variable):
    name, of, _, flags, places = variable
    shown = {"name": name, "argument": bool(flags & 1)}
    at = [place for place in places if place[0][0] <= registers[state.pc] < place[0][1]]
    _, how, base, register, n = at[0] if at else (None, GONE, 0, 0, 0)
    base = base_of(recording, state, registers, base, register)
    if how == GONE:
        return shown | {"value": "<optimized out>"}
    if how == UNKNOWN or base is None:
        return shown | {"value": "<unknown>"}
    t, bits = plain(recording, of), (n + base) % (1 << 64)
    if how == IN_REGISTER:
        shown["reg"], bits = recording.run["registers"][register], registers[register]
    elif how == IN_MEMORY:
        shown["addr"], bits = hex(bits), number_in(state, bits, t.size)
    is_address = t.kind == POINTER and not (plain(recording, t.of) and plain(recording, t.of).kind in (CHAR, UCHAR, FUNCTION))
    if t.kind in (SIGNED, UNSIGNED) or is_address:
        shown["value"] = "<unavailable>" if bits is None else in_words(t, bits)
    return shown


def shown_variables(recording, state, registers):
    """Those of an M's innermost frame, from the innermost scope outwards."""
    shown = []
    for f in recording.functions:
        there = [any(lo <= registers[state.pc] < hi for lo, hi in ranges) for _, _, ranges in f.scopes]
        depths = []
        for around, _, _ in f.scopes:
            depths.append(depths[around] + 1 if depths else 0)
        if there[0]:
            shown += sorted(((depths[v[2]], v) for v in f.variables if there[v[2]]), key=lambda one: -one[0])
    return [shown_variable(recording, state, registers, v) for _, v in shown]


def are_variables_dumped(recording, state, dumped):
    mine = [shown_variables(recording, state, registers) for registers in state.of["R"]]
    return all(is_dumped(m["vars"][0] if m["vars"] else [], shown) for m, shown in zip(dumped["ms"], mine) if not m["exited"])


# ---- reading ----

def table_of(recording, i):
    """What key i has to say of words."""
    other = i & i - 1
    rows = [row for chunk in recording.chunks[other:i] for row in chunk.rows]
    written = last_written(rows, recording.chunks[other].first) if i else {}
    return [(address, recording.chunks[i].first - step) for address, step in written.items()]


def are_records_there(state, step):
    """Of each record of an M that has left a G by this step, whether there stands where it returns to."""
    for left, chain in zip(state.of["H"], state.of["C"]):
        for fp, ret in zip(chain[0:2 * left[4]:2], chain[1::2]) if left[1] == step else ():
            stack, at = state.word(fp + 8)
            yield state.of["W"][stack][at] == ret


def forward(what, recording, dump, each):
    """Over all steps, and what each state was; what is dumped is looked at at one of so many."""
    state, marks, keys, tables, records, wrong = recording.key(0), [], [], [], [], []

    def look(step, mine, output):
        dumped = json.loads(dump[step])
        mine |= {"step": step} | shown(state)
        if not (is_dumped(dumped, mine) and are_words_dumped(state, dumped["words"]) and output_dumped(dumped) == output
                and are_variables_dumped(recording, state, dumped)):
            wrong.append(f"{mine}\n{dumped}")

    look(0, {}, recording.chunks[0].outputs[0])
    for i, chunk in enumerate(recording.chunks):
        keys.append(recording.key(i).fingerprint() == state.fingerprint() and (chunk.step, chunk.m) == (len(marks), row.m if i else -1))
        tables.append(chunk.table == table_of(recording, i))
        for step, (row, output) in enumerate(zip(chunk.rows, chunk.outputs[1:]), chunk.first):
            marks.append(state.fingerprint())
            row.forward(state)
            records.extend(are_records_there(state, step))
            if step % each == 0 or row.before or output or len(row.wrote) > 15:
                look(step, shown_step(recording, state, row), output)
    check(f"{what}: {len(marks)} steps are as dumped", not wrong and len(dump) == len(marks) + 1, "\n".join(wrong[:1]))
    check(f"{what}: {len(keys)} keys are where their chunks begin", all(keys), keys)
    check(f"{what}: and say when words were written", all(tables), tables)
    check(f"{what}: and {len(records)} records of Gs that were left", all(records) and (records or len(marks) < 1000), records)
    return state, marks


def read(what, recording, dump, each):
    state, marks = forward(what, recording, dump, each)
    rows = [row for chunk in recording.chunks for row in chunk.rows]
    for row in reversed(rows):
        row.back(state)
        if state.fingerprint() != marks.pop():
            break
    check(f"{what}: and backwards", not marks and state.fingerprint() == recording.key(0).fingerprint(), f"not to step {len(marks)}")
    mine, its = index(recording), recording.contents[-1]
    check(f"{what}: the index is what the frames say", mine == its, f"{mine.hex()}\n{its.hex()}")


# ---- writing ----

def more_than_known(items):
    """As a later version may have it: items that are not known, more fields, numbers behind those that are known."""
    for letter, n in items:
        if letter in "NRMGPSHV":
            n = [n[0], n[1] | 1 << 40, *n[2:], 7, 9]
        elif letter in "QXOL":
            n = [*n, 9]
        yield letter, n
    yield "z", [1, 2, 3]


def later(recording):
    """The same with more in it: in its JSON, in deltas, behind what frames hold (T is output up to its end), and more frames."""
    contents = anew(recording, 1000, more_than_known)
    contents[0] = json.dumps(json.loads(contents[0]) | {"minor": 9, "by": "a later version"}).encode()
    contents[1] = b"R" + json.dumps(json.loads(contents[1][1:]) | {"colour": ["red", {"blue": 0}]}).encode()
    more = [content + (b"" if content[:1] == b"T" else b"more") for content in contents[2:-1]]
    contents = contents[:2] + [part for content in more for part in (content, b"Zones" * 9)]
    return contents + [index(Recording(contents)) + b"more"]


SAYING = ["info"], ["dump", "--json", "--words", "--vars"], ["replay", "--view=text", "--step=700"]


def say_the_same(what, ones, path, *but):
    """Whether g0scope says of a file what it said of the recording, but for its size, and lines that begin so."""
    but = ("size ", *but)
    for words, one in zip(SAYING, ones):
        two = g0scope(*words, path)
        lines = [[line for line in said.stdout.splitlines() if not line.startswith(but)] for said in (one, two)]
        check(f"{what}: g0scope {words[0]} says the same", two.returncode == 0 and lines[0] == lines[1] and lines[0], two.stderr)


def code_twice(contents):
    """Its index names the first frame of code twice: whoever believed that would read it as often as is said."""
    read, numbers = Reader(contents[-1][1:]), []
    while read.left():
        numbers.append(read.number())
    numbers[5:7] = [numbers[5] + 1, numbers[6], numbers[6]]
    return [*contents[:-1], b"I" + put(*numbers)]


def marked(contents):
    """The same with bookmarks."""
    mark = b"B" + put(2, 0) + blob(b"the start") + put(3) + blob("é".encode())
    contents = [*contents[:-2], mark, contents[-2]]
    return contents + [index(Recording([*contents, b"I"]))]


def write(what, path, recording):
    ones = [g0scope(*words, path) for words in SAYING]
    contents = anew(recording)
    read(f"{what}, in chunks of 100", Recording(contents), ones[1].stdout.splitlines(), 10)
    pack(path, contents)
    say_the_same(f"{what}, in chunks of 100", ones, path)
    check(f"{what}, in chunks of 100: nothing is missing", not g0scope("info", path).stderr)
    pack(path, contents[:-1], is_whole=False)
    say_the_same(f"{what}, without its end", ones, path, "end ")
    said = g0scope("info", path).stderr
    check(f"{what}, without its end: g0scope says so", "cut short" in said, said)
    pack(path, code_twice(contents))
    said = g0scope("info", path).stderr
    check(f"{what}, with an index that repeats itself: g0scope does without it", "cut short" in said, said)
    pack(path, marked(contents))
    said = g0scope("info", "--json", path)
    check(f"{what}, with bookmarks", json.loads(said.stdout)["bookmarks"] == [{"step": 0, "note": "the start"}, {"step": 3, "note": "é"}], said.stdout)
    pack(path, later(recording))
    say_the_same(f"{what}, as of a later version", ones, path)
    pack(path, [contents[0].replace(b":12", b":13"), *contents[1:]])
    said = g0scope("info", path)
    check(f"{what}, of version 13: refused by name", said.returncode == 1 and "version 13" in said.stderr, said.stderr)


def vectors():
    for value, said in (0, "00"), (127, "7f"), (128, "8001"), (NONE, "ffffffffffffffffff01"):
        check(f"the number {value}", put(value).hex() == said and Reader(bytes.fromhex(said)).number() == value)
    for value, said in (-1, "01"), (1, "02"), (-64, "7f"):
        check(f"the signed {value}", put(unsigned(value)).hex() == said and Reader(bytes.fromhex(said)).signed() == value)
    registers = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip eflags".split()
    state = State({"registers": registers, "arch": "amd64"})
    apply(state, "N", [0, 1, unsigned(2)])
    for item in read_items(Reader(bytes.fromhex("52 04 01 81 80 08 07 0a"))):
        apply(state, *item)
    check("an item", state.of["R"] == [[0] * 18, [NONE - 3, *[0] * 16, 5]], state.of["R"])
    row = Row(Reader(bytes.fromhex("01 00 52 03 00 80 80 04 08 00")), None)
    row.forward(state)
    check("a row", (row.m, row.pc, row.wrote, row.event) == (0, 0, [], None) and state.of["R"][0] == [0] * 16 + [4, 0], vars(row))


def main():
    if not os.path.exists(os.path.join(O, "g0scope")) or not shutil.which("zstd"):
        print(f"no {O}/g0scope: build first, or no zstd here")
        return 77
    vectors()
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "r.g0r")
        for words, each, is_written in PROGRAMS:
            if os.path.isabs(words[0]) and not os.path.exists(words[0]):
                continue
            if not os.path.exists(os.path.join(O, "g0scope-emulator")):
                words = [word for word in words if word != "--machine=emulated"]
            what = " ".join(words).replace(O + "/", "")
            at = words.index("--") if "--" in words else len(words)
            said = g0scope("record", *words[:at], "-o", path, *words[at:])
            if check(f"{what}: recorded", " steps of " in said.stdout + said.stderr, said):
                recording = Recording(unpack(path))
                read(what, recording, g0scope("dump", "--json", "--words", "--vars", path).stdout.splitlines(), each)
                if is_written:
                    write(what, path, recording)
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())
