#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""variables.py [O]: what g0scope knows of a program's variables, held against what gdb says of them.

The program is tests/image/programs/variables.c, by each compiler that is here, for both architectures, with and without
optimisation; and, of an example, the functions of the runtime. gdb is asked at many a pc which variables are seen and where they are,
and of which types they are and all that these lead to; and, stepped from stop to stop, what they hold in each frame. Where gdb tells of an
expression, it is worked out here once more, by other code.

One file, two lives: run by hand it starts gdb with itself as gdb's script.
Exit status: 0 all is as gdb has it, 1 not, 77 no gdb here that speaks Python.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

SEED = 20250502
EXAMPLE_PCS = 1500
STOPS = 40
STACK = 2048
AMD64 = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split()
ARM64 = [f"x{i}" for i in range(31)] + ["sp", "pc"]
OWN = "main", "work", "numbers", "start", "stop"


# ---- in gdb ----

def blocks_of(block):
    """From the innermost to the function that stands in no other."""
    while block and not block.is_global and not block.is_static:
        yield block
        block = block.superblock


def variables_of(block):
    return [s for s in block if s.is_argument or s.is_variable or s.is_constant]


def type_lines(gdb, t, hidden, lines):
    """A line for a type and each that it leads to, as tell.c has it; but of the hidden ones."""
    name = str(t)
    if name in hidden or name in lines and t.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return
    is_struct = t.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION) and t == t.unqualified()
    size = 0 if t.strip_typedefs().code in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_VOID) else t.sizeof
    line = ["type", name, str(size)]
    if is_struct:
        line += [f"{f.name or ''} {f.bitpos} {f.bitsize} {f.type}" for f in t.fields()]
    if t.code == gdb.TYPE_CODE_ENUM and t == t.unqualified():
        line += [f"{f.name}={f.enumval}" for f in t.fields()]
    line = "\t".join(line)
    if line in lines.get(name, ()):
        return
    lines.setdefault(name, []).append(line)
    if str(t.unqualified()) != name:
        type_lines(gdb, t.unqualified(), hidden, lines)
    elif t.code in (gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_TYPEDEF):
        type_lines(gdb, t.target(), hidden, lines)
    if is_struct or t.code == gdb.TYPE_CODE_FUNC:
        for f in t.fields():
            type_lines(gdb, f.type, hidden, lines)


def ask_statically(gdb, pcs, hidden):
    seen, types, sure = {}, {}, {}
    for pc in pcs:
        groups = [[]]
        for block in blocks_of(gdb.block_for_pc(pc)):
            for s in variables_of(block):
                is_gone = s.addr_class == gdb.SYMBOL_LOC_OPTIMIZED_OUT
                groups[-1].append((s.name, is_gone))
                type_lines(gdb, s.type, hidden, types)
                if not is_gone:
                    type_lines(gdb, s.type, hidden, sure)
            if block.function:
                groups.append([])
        seen[pc] = {"groups": groups, "places": gdb.execute(f"info scope *{pc:#x}", to_string=True)}
    return {"seen": seen, "types": sum(types.values(), []), "sure": sum(sure.values(), [])}


def value_of(symbol, frame):
    value = symbol.value(frame)
    return "<optimized out>" if value.is_optimized_out else value.format_string(symbols=False)


def ask_frame(gdb, frame, is_caller):
    """One frame, with those that are inlined in it, the innermost first."""
    at = {"pc": frame.pc() - is_caller, "values": [], "regs": {}}
    for name in AMD64:
        value = frame.read_register(name)
        if not value.is_optimized_out:
            at["regs"][name] = int(value) & (1 << 64) - 1
    while True:
        frame.select()
        for block in blocks_of(frame.block()):
            at["values"] += [(s.name, value_of(s, frame), str(s.type)) for s in variables_of(block)]
            if block.function:
                break
        if frame.type() != gdb.INLINE_FRAME:
            break
        frame = frame.older()
    at["cfa"] = int(re.search(r"frame at (0x[0-9a-f]+)", gdb.execute("info frame", to_string=True))[1], 16)
    return at, frame.older()


def ask_running(gdb, work):
    stops = []
    gdb.execute("set print null-stop on")
    gdb.execute("break stop")
    gdb.execute("run >/dev/null")
    while gdb.selected_inferior().pid and len(stops) < STOPS:
        frame, frames = gdb.newest_frame(), []
        here = os.path.join(work, f"{len(stops)}")
        lo, hi = (int(gdb.parse_and_eval(e)) for e in ("(long)&__data_start", "(long)&_end"))
        sp = int(frame.read_register("rsp"))
        gdb.execute(f"dump binary memory {here}.stack {sp} {sp + STACK}")
        gdb.execute(f"dump binary memory {here}.data {lo} {hi}")
        while frame and frame.name() != "__libc_start_call_main":
            at, frame = ask_frame(gdb, frame, bool(frames))
            frames.append(at)
        stops.append({"frames": frames, "memory": [(f"{here}.stack", sp), (f"{here}.data", lo)]})
        gdb.execute("continue")
    return {"stops": stops}


def answer():
    import gdb

    with open(os.environ["G0_ASKED"], encoding="utf-8") as f:
        asked = json.load(f)
    gdb.execute("set width 0")
    said = ask_statically(gdb, asked["pcs"], asked["hidden"]) | (ask_running(gdb, asked["work"]) if asked["run"] else {})
    with open(asked["answer"], "w", encoding="utf-8") as f:
        json.dump(said, f)


# ---- what gdb says, in the words of tell.c ----

def as_signed(n):
    n &= (1 << 64) - 1
    return n - (1 << 64) if n >> 63 else n


def sum_of(ops, frame_base):
    """What an expression leaves, as (base, n), base being words; None: it does more than add."""
    stack = []
    while ops:
        op, *words = ops.pop(0).split()
        n = int(words[0], 0) if words and re.match(r"-?\d", words[0]) else 0
        if op == "DW_OP_fbreg":
            stack.append((frame_base, n))
        elif op.startswith("DW_OP_breg"):
            reg = words[1].strip("[$]")
            if reg not in AMD64 + ARM64:
                return None
            stack.append((reg, n))
        elif op == "DW_OP_addr" or re.match(r"DW_OP_const(u|s|\d)", op):
            stack.append(("", n))
        elif op.startswith("DW_OP_lit"):
            stack.append(("", int(op[9:])))
        elif op in ("DW_OP_entry_value", "DW_OP_GNU_entry_value"):
            reg = re.match(r"DW_OP_reg\d+ \[\$(\w+)\]", ops.pop(0) if ops else "")
            if not reg or reg[1] not in AMD64 + ARM64:
                return None
            stack.append(("entry " + reg[1], 0))
        elif op == "DW_OP_plus_uconst":
            stack[-1] = (stack[-1][0], stack[-1][1] + n)
        elif op in ("DW_OP_plus", "DW_OP_minus"):
            (b1, n1), (b2, n2) = stack.pop(-2), stack.pop()
            if (b1 and b2) or (b2 and op == "DW_OP_minus"):
                return None
            stack.append((b1 or b2, n1 + n2 if op == "DW_OP_plus" else n1 - n2))
        else:
            return None
    return stack[-1] if stack else None


def expression(text, frame_base):
    ops = [line.split(": ", 1)[1] for line in text.splitlines() if re.match(r"\s*\d+: DW_OP", line)]
    what = "memory"
    if ops and ops[-1] == "DW_OP_stack_value":
        what = "value"
        ops.pop()
    at = sum_of(ops, frame_base)
    return "unknown" if at is None else " ".join(filter(None, (what, at[0], str(as_signed(at[1])))))


def one_place(text, frame_base):
    """None: gdb does not tell what it knows."""
    if " piece]" in text or "-byte piece" in text:
        return "unknown"
    if "DW_OP_implicit_value" in text:
        return None
    if m := re.match(r"a variable in \$(\w+)$", text):
        return f"register {m[1]}" if m[1] in AMD64 + ARM64 else "unknown"
    if m := re.match(r"(?:the constant|a constant with value|constant) (-?\d+)", text):
        return f"value {as_signed(int(m[1]))}"
    if m := re.match(r"constant bytes: +((?:[0-9a-f]{2} ?){1,8})$", text):
        return f"value {as_signed(int.from_bytes(bytes.fromhex(m[1]), 'little'))}"
    if m := re.match(r"(?:in )?static storage at address (0x[0-9a-f]+)$", text):
        return f"memory {int(m[1], 16)}"
    if m := re.match(r"a variable at frame base reg \$(\w+) offset (-?\d+)\+(-?\d+)$", text):
        return f"memory {m[1]} {int(m[2]) + int(m[3])}"
    if text.startswith("a complex DWARF expression"):
        return expression(text, frame_base)
    return "gone" if text == "optimized out" else "unknown"


def places_at(text, pc, frame_base):
    """(name, place) of each that `info scope` tells of; and whether it is in several places."""
    for m in re.finditer(r"^Symbol (\S+) is (optimized out|.*?(?=, length \d+\.$))", text, re.M | re.S):
        name, said = m.groups()
        if said.startswith("a function"):
            continue
        if not said.startswith("multi-location"):
            yield name, one_place(said.strip(), frame_base)
            continue
        place = "gone"
        for r in re.finditer(r"Range (0x[0-9a-f]+)-(0x[0-9a-f]+): (.*?)(?=\s*(?:Base address \S+  )?Range 0x|\Z)", said, re.S):
            if int(r[1], 16) <= pc < int(r[2], 16):
                place = one_place(r[3].strip(), frame_base)
                break
        yield name, place


# ---- the comparison ----

def one_spelling(line):
    """Some versions of gdb have C's longer names; and none a blank in between there."""
    line = line.replace(" [variable length]", " []").replace(" [", "[")
    for size in "short", "long", "long long":
        line = re.sub(rf"\b{size} unsigned int\b", f"unsigned {size}", re.sub(rf"\b{size} int\b", size, line))
    return line


def told(tell, program, *words, given=None):
    ran = subprocess.run([tell, program, *words], input=given, stdout=subprocess.PIPE, text=True, check=True)
    return ran.stdout.splitlines()


def compare_seen(check, what, lines, said, frame_base):
    """What gdb says is optimised out it may have from elsewhere than g0scope, which need not have it at all."""
    names, places, ours, unseen, elsewhere = 0, Counter(), {}, [], []
    for line in lines:
        pc, name, _, _, place = line.split("\t")
        ours.setdefault(int(pc, 16), []).append((name, place))
    for pc, there in said["seen"].items():
        pc = int(pc)
        mine = ours.get(pc, [])
        every = Counter(name for group in there["groups"] for name, _ in group)
        sure = Counter(name for group in there["groups"] for name, is_gone in group if not is_gone)
        have = Counter(name for name, _ in mine)
        names += sum(have.values())
        if sure - have or have - every:
            unseen.append(f"{pc:#x}: gdb sees {every}, g0scope {have}")
        theirs = Counter(p for p in places_at(there["places"], pc, frame_base) if p[1] not in ("gone", None))
        places.update(place for _, place in theirs.elements())
        if missing := theirs - Counter(mine):
            elsewhere.append(f"{pc:#x}: gdb has {sorted(missing)} of {sorted(theirs)}, g0scope {sorted(mine)}")
    known, every = sum(n for place, n in places.items() if place != "unknown"), sum(places.values())
    check(f"{what}: the variables that are seen, {names} at {len(said['seen'])} pcs", names and not unseen, "\n".join(unseen[:8]))
    check(f"{what}: where they are, {known} of {every} in a way that is known here", 2 * known > every and not elsewhere,
          "\n".join(elsewhere[:8]))


def hidden_in(lines):
    """What the file has only the name of: gdb may know from elsewhere in it."""
    names = {line.split("\t")[1] for line in lines if re.fullmatch(r"type\t(struct|union|enum) \w+\t0", line)}
    return names - {line.split("\t")[1] for line in lines if not line.endswith("\t0")}


def compare_types(check, what, lines, said):
    hidden = hidden_in(lines)
    ours = {one_spelling(line) for line in lines if line.split("\t")[1] not in hidden}
    ours = {line for line in ours if not re.fullmatch(r"type\t(struct|union|enum) \w+\t0", line)}
    theirs, sure = ({one_spelling(line) for line in said[which]} for which in ("types", "sure"))
    wrong = [f"gdb only: {line}" for line in sure - ours] + [f"g0scope only: {line}" for line in ours - theirs]
    check(f"{what}: their types and what these lead to, {len(ours)}", ours and not wrong, "\n".join(wrong[:8]))


def compare_values(check, what, tell, program, said):
    wrong, known, unknown = [], 0, 0
    for stop in said["stops"]:
        given = "".join(f"memory {path} {at:x}\n" for path, at in stop["memory"])
        for f in stop["frames"]:
            given += f"pc {f['pc']:x} {f['cfa']:x}\n" + "".join(f"{r} {n:x}\n" for r, n in f["regs"].items()) + "end\n"
        frames = "\n".join(told(tell, program, "values", given=given)).split("frame\n")[1:]
        for f, mine in zip(stop["frames"], frames):
            mine = Counter(tuple(line.split("\t")[1].split(" = ", 1)) for line in mine.splitlines())
            theirs = Counter((name, value) for name, value, kind in f["values"] if kind != "long double")
            here = sum(n for (_, value), n in mine.items() if value.startswith("<unknown"))
            unknown += here
            known += sum(mine.values()) - here
            for (name, value), n in (mine - theirs).items():
                if value not in ("<unknown>", "<16 bytes>"):
                    wrong.append(f"{f['pc']:#x}: {name} is {value}, and for gdb {[v for k, v in theirs if k == name]}, {n} times")
    check(f"{what}: what they hold, {known} in {len(said['stops'])} stops, and {unknown} are not known", known and not wrong, "\n".join(wrong[:8]))
    return unknown


# ---- programs ----

def pcs_of(program, lo, hi):
    """Every address of functions whose names are in lo, or that lie between two labels."""
    symbols = [line.split() for line in subprocess.run(["nm", "-S", program], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()]
    at = {s[-1]: int(s[0], 16) for s in symbols if len(s) > 2}
    functions = [(int(s[0], 16), int(s[1], 16)) for s in symbols if len(s) == 4 and s[2] in "tT" and
                 (s[3].split(".")[0] in lo if hi is None else at[lo] <= int(s[0], 16) < at[hi])]
    return sorted({pc for start, n in functions for pc in range(start, start + n)})


def ask(gdb, program, pcs, hidden, work, run):
    asked = {"pcs": pcs, "hidden": sorted(hidden), "run": run, "work": work, "answer": os.path.join(work, "answer")}
    path = os.path.join(work, "asked")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(asked, f)
    command = [gdb, "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set auto-load no", "-x", os.path.abspath(__file__), program]
    ran = subprocess.run(command, env=dict(os.environ, G0_ASKED=path), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, check=False)
    if not os.path.exists(asked["answer"]):
        return ran.stdout
    with open(asked["answer"], encoding="utf-8") as f:
        return json.load(f)


def look_at(check, tell, what, gdb, program, pcs, run, frame_base):
    words = [f"{pc:x}" for pc in pcs]
    types = told(tell, program, "types", *words)
    with tempfile.TemporaryDirectory() as work:
        said = ask(gdb, program, pcs, hidden_in(types), work, run)
        if isinstance(said, str):
            check(f"{what}: gdb answers", False, said)
            return
        compare_seen(check, what, told(tell, program, "seen", *words), said, frame_base)
        compare_types(check, what, types, said)
        if run:
            unknown = compare_values(check, what, tell, program, said)
            if "-O0" in what:
                check(f"{what}: all are known", unknown == 0)


def speaks_python():
    command = ["gdb", "-nx", "-batch", "-ex", "python print(1)"]
    return shutil.which("gdb") and subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout == "1\n"


def subjects(build, work):
    """What each is called, gdb for it, the program, its pcs, whether it can be run, and what locals are counted from."""
    frame = {"x86_64": "rbp"}.get(os.uname().machine, "x29")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "image/programs/variables.c")
    for compiler in "gcc", "clang", "aarch64-linux-gnu-gcc":
        gdb, can_run = ("gdb", os.uname().machine == "x86_64") if "-" not in compiler else ("gdb-multiarch", False)
        if not shutil.which(compiler) or not shutil.which(gdb):
            print(f"# no {compiler} or {gdb} here")
            continue
        for level in "-O0", "-O2":
            program = os.path.join(work, compiler + level)
            subprocess.run([compiler, "-g", level, "-static", "-fno-omit-frame-pointer", "-o", program, source], check=True)
            yield f"{compiler} {level}", gdb, program, pcs_of(program, OWN, None), can_run, frame if compiler == "clang" else "cfa"
    for name, gdb in ("examples/01_stale_link", "gdb"), ("arm64/examples/01_stale_link", "gdb-multiarch"):
        program = os.path.join(build, name)
        if not os.path.exists(program) or not shutil.which(gdb):
            print(f"# no {name} or {gdb} here")
            continue
        pcs = pcs_of(program, "runtime_text", "runtime_etext")
        yield name, gdb, program, sorted(random.Random(SEED).sample(pcs, EXAMPLE_PCS)), False, "cfa"


def main():
    import tap  # which gdb does not find
    build = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build")
    if not speaks_python():
        print("no gdb here that speaks Python")
        return 77
    with tempfile.TemporaryDirectory() as work:
        for subject in subjects(build, work):
            look_at(tap.check, os.path.join(build, "variables/tell"), *subject)
    print(f"{tap.passed} passed, {tap.failed} failed")
    return tap.failed != 0


if "G0_ASKED" in os.environ:
    answer()
elif __name__ == "__main__":
    sys.exit(main())
