#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""emulator.py [O]: programs on the emulated CPU do what they do on the real one, in whatever order their threads go.

Those for arm64 too, if they are built (make ARCH=arm64): but for addresses they say what those for amd64 say. What is no
program, or a broken one, is said, and the emulator ends as it should. Exit status 77 if it is not built.
"""
import difflib
import glob
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile

import tap
from tap import check

O = sys.argv[1] if len(sys.argv) > 1 else "build"
EMULATOR = os.path.join(O, "g0scope-emulator")
LONG = ("02_red_blue",)  # counts its turns, for perf to look at
LIMIT = "--limit=3000000"
LACKING = "g0scope-emulator: {} ended with status 0; it has asked for what is not emulated"


def run(*command, **env):
    """How it ended, and what it said, but for addresses."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=dict(os.environ, **env), timeout=120, check=False)
    return done.returncode, re.sub(r"0x[0-9a-f]+", "0x…", done.stdout.decode(errors="replace"))


def examples():
    for native in sorted(glob.glob(os.path.join(O, "examples/[0-9][0-9]_*"))):
        name = os.path.basename(native)
        if name in LONG:
            continue
        here = run(native)
        for program in (native, os.path.join(O, "arm64/examples", name)):
            if not os.path.exists(program):
                continue
            is_ = [(turn, policy, run(EMULATOR, LIMIT, f"--turn={turn}", program, G0_MCALL=policy))
                   for turn, policy in ((1, "keep"), (50, "clear"), (1000, "cycle"))]
            check(f"{os.path.relpath(program, O)} does the same", all(said == here for _, _, said in is_), f"{here}\n{is_}")


def calls(name, part):
    """What the kernel says, to the edge of what there is. Of arm64's the real one is qemu's here, which has errors of its own."""
    here = run(os.path.join(O, "tests/programs", name), part)
    for program in (os.path.join(O, "tests/programs", name), os.path.join(O, "arm64/tests/programs", name)):
        if os.path.exists(program):
            is_ = run(EMULATOR, program, part)
            check(f"{os.path.relpath(program, O)} {part}: the kernel says the same", is_ == here and here[0] == 0,
                  "\n".join(difflib.unified_diff(here[1].splitlines(), is_[1].splitlines(), "real", "emulated", lineterm="")))


def faults():
    """What a handler is told of a fault: as the real CPU has it; of arm64, where there is none, as its manual has it."""
    program, other = (os.path.join(O, folder, "tests/programs/calls_signals") for folder in ("", "arm64"))
    if platform.machine() == "x86_64":
        here, is_ = (subprocess.run([*how, program, "faults"], stdout=subprocess.PIPE, check=False).stdout for how in ([], [EMULATOR]))
        check("amd64: faults are told of as by the CPU", here == is_ and b"error 15, cr2" in is_, f"{here}\n{is_}")
    if os.path.exists(other):
        is_ = subprocess.run([EMULATOR, other, "faults"], stdout=subprocess.PIPE, text=True, check=False).stdout
        check("arm64: faults are told of", re.findall("esr ([0-9a-f]+)", is_) ==
              ["92000007", "92000047", "82000007", "8200000f", "9200004f", "92000007", "0", "0", "0", "0", "0", "92000021", "8a000000"], is_)


def same_each_time(program):
    first = run(EMULATOR, "--count", "--turn=7", program)
    again = run("setarch", "-R", EMULATOR, "--count", "--turn=7", program)
    check("each run is the same one", first == again and "instructions" in first[1], f"{first}\n{again}")


def no_programs(work):
    text = os.path.join(work, "text")
    with open(text, "w", encoding="ascii") as f:
        f.write("#!/bin/sh\n")
    open(os.path.join(work, "empty"), "w", encoding="ascii").close()
    for name, what, why in ((text, "a text", "no 64-bit program"), (work, "a folder", "no file"), ("/nowhere", "nothing", "cannot be opened"),
                            (os.path.join(work, "empty"), "an empty file", "no file"), ("/bin/ls", "a dynamic program", "link it -static")):
        status, said = run(EMULATOR, name)
        check(f"{what} is refused", status == 126 and why in said, said)
    for arguments in ([], ["--turn=0", "/bin/ls"], ["--turn=x", "/bin/ls"], ["--wrong", "/bin/ls"]):
        status, said = run(EMULATOR, *arguments)
        check(f"usage: {arguments}", status == 2 and "usage" in said, said)


def ends(subject):
    for mode, wanted, why in (("segv", 139, "signal 11"), ("overflow", 2, "ran over its"), ("print", 0, "printed 42"),
                              ("spin", 124, "stopped after 3000000 instructions")):
        status, said = run(EMULATOR, LIMIT, subject, mode)
        check(f"subject {mode}", status == wanted and why in said, f"{status}\n{said}")


def leaves_nothing():
    """Of an instruction that fails nothing is left, and the one that led nowhere is the one that failed; each is told of."""
    name = "tests/programs/faults"
    for what, builds in (("memory", (name, f"arm64/{name}")), ("leaps", (name,) if platform.machine() == "x86_64" else ()),
                         ("refusals", (name,) if platform.machine() == "x86_64" else ())):
        here = run(os.path.join(O, name), what)
        # The kernel of a paravirtual machine that emulates what is privileged (PVM) knows no sysexit.
        here = (here[0], re.sub("sysexit: signal 4, code 2, of what is 4 bytes in,", "sysexit: signal 11, code 128, address 0,", here[1]))
        for program in builds:
            path = os.path.join(O, program)
            if not os.path.exists(path):
                continue
            said = run(EMULATOR, path, what)
            # SP is aligned on arm64: a push over the end of a page is amd64's alone.
            wanted = re.sub(".*stack, over.*\n", "", here[1]) if "arm64" in program else here[1]
            if what == "refusals":
                # Natively far returns fail as well, as it happens.
                wanted += f"{LACKING.format(path)}: to load a segment register\n"
            check(f"{program} {what}: as on the real CPU", said == (here[0], wanted) and said[1], f"{here}\n{said}")


def lacking(subject, calls_program):
    """What a program asked for is said of its end, by name; what libc asked for in vain as it began is not."""
    status, said = run(EMULATOR, subject, "segv")
    check("a crash: nothing was lacking", status == 139 and "not emulated" not in said, said)
    for program, part, its, why in (
            (calls_program, "threads", "some of them\n", "more than 256 threads, with those that have ended"),
            (calls_program, "room", "all of it\nENOMEM\n", "room for 8589934592 KiB of memory, or for one more place of it"),
            (calls_program, "huge", "(long)map(NULL, (size_t)1 << 21, MAP_HUGETLB): ENOMEM\n", "huge pages"),
            (calls_program, "low", "1\n", "memory at an address of 32 bits, as such"),
            (calls_program, "stats", 'stat("/etc/passwd", &st): ENOENT\n', "the file /etc/passwd"),
            (calls_program, "links", 'readlink("/etc/mtab", got, 10): ENOENT\n', "the file /etc/mtab"),
            (calls_program, "accesses", 'access("/etc/hosts", R_OK): ENOENT\n', "the file /etc/hosts"),
            (f"{calls_program}_threads", "lacking", "its parent waits: EINVAL\n", "a thread with the flags 0x…, or with a number that it is given")):
        status, said = run(EMULATOR, program, part)
        check(f"{part}: there is less here than natively, and that is said", status == 0 and said == its +
              f"{LACKING.format(program)}: {why}\n", said)
    status, said = run(EMULATOR, calls_program, "lacking")
    check("the first that was lacking is said", status == 134 and said.endswith(
        "it has asked for what is not emulated: getuid (system call 102), and more\n"), f"{status}\n{said}")
    count = int(re.search(r"(\d+) instructions", run(EMULATOR, "--count", calls_program, "lacking")[1]).group(1))
    status, said = run(EMULATOR, f"--limit={count - 10}", calls_program, "lacking")
    check("it is said of one that is stopped, too", status == 124 and "emulated: getuid" in said, f"{status}\n{said}")


def refused_output(program):
    """A full disk, or no output at all, is the program's to know."""
    for what, to in (("a full disk", ">/dev/full"), ("no output", ">&-")):
        statuses = [subprocess.run(["sh", "-c", f'"$@" {to}', "sh", *command, "refused"], check=False, stderr=subprocess.DEVNULL).returncode
                    for command in ([program], [EMULATOR, program])]
        check(f"{what}: a program is told as natively", statuses[0] == statuses[1] != 0, statuses)


def reads_later(program):
    """Who reads sleeps until there is something."""
    with subprocess.Popen([EMULATOR, program, "reads"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as p:
        state = ""
        while state != "S" and p.poll() is None:
            with open(f"/proc/{p.pid}/stat", encoding="ascii") as f:
                state = f.read().rsplit(") ", 1)[1][0]
        said = p.communicate(b"a line\n", timeout=100)[0]
    check("input that comes later is read", p.returncode == 0 and said == b"done\n", f"{p.returncode} {said}")


def broken(work, program, what, change):
    """It may end in any way that the emulator tells of, and not by a signal itself."""
    with open(program, "rb") as f:
        whole = f.read()
    ended = {}
    for seed in range(40):
        path = os.path.join(work, "broken")
        with open(path, "wb") as f:
            f.write(change(whole, random.Random(seed)))
        status, said = run(EMULATOR, LIMIT, path)
        ended[seed] = (status, said)
    # A sanitizer, if the emulator has one in it, ends it otherwise.
    wrong = {seed: end for seed, end in ended.items() if end[0] < 0 or re.search("Sanitizer|runtime error:", end[1])}
    check(f"{what}: said, and no more", not wrong, wrong)
    check(f"{what}: not all of them the same", len({status for status, _ in ended.values()}) > 1, ended)


def to_itself(work, program):
    """A jump to itself with a REP prefix, and nothing in the counter, is a step each time: xor ecx, ecx; rep jmp."""
    with open(program, "rb") as f:
        whole = f.read()
    path = os.path.join(work, "to_itself")
    with open(path, "wb") as f:
        at = whole.index(b"\x31\xed\x49\x89\xd1\x5e")
        f.write(whole[:at] + b"\x31\xc9\xf3\xeb\xfd" + whole[at + 5:])
    os.chmod(path, 0o755)
    status, said = run(EMULATOR, "--limit=1000", path)
    check("a jump to itself, with a prefix, stops at the limit", status == 124 and "after 1000" in said, f"{status}\n{said}")


def segments(work, program):
    """What the emulator cannot execute and the real CPU can is said; and what it can is the same."""
    with open(program, "rb") as f:
        whole = f.read()
    path, at = os.path.join(work, "segments"), whole.index(b"\x31\xed\x49\x89\xd1\x5e")
    for name, code, status, why in (
            ("mov to DS", "b8 2b 00 00 00 8e d8", 139, "to load a segment register"), ("a far return", "48 cb", 139, "to load a segment register"),
            ("iret", "48 cf", 139, "to load a segment register"), ("int 0x80", "cd 80", 139, "int 0x…, a system call of 32-bit programs"),
            ("popcnt", "f3 0f b8 c0", 132, "an instruction that its CPU, plain x86-64, does not have"), ("ud2", "0f 0b", 132, ""),
            ("the vsyscall page", "48 c7 c0 00 00 60 ff ff e0", 139, "the vsyscall page"),
            ("a breakpoint of debuggers in a chip", "66 f1", 133, ""),
            ("another test", "f6 c8 01", 132, "an instruction that its engine does not know"),
            ("cmpps of many ways", "0f c2 c8 09", 132, "an instruction that its engine does not know"),
            # arch_prctl(ARCH_SET_GS, the begin of the file in memory); exit_group(what is there)
            ("GS", "bf 01 10 00 00 be 00 00 40 00 b8 9e 00 00 00 0f 05 65 8b 3c 25 00 00 00 00 b8 e7 00 00 00 0f 05", 0x7f, "")):
        code = bytes.fromhex(code)
        with open(path, "wb") as f:
            f.write(whole[:at] + code + whole[at + len(code):])
        os.chmod(path, 0o755)
        is_, said = run(EMULATOR, "--limit=1000", path)
        check(f"{name}: done, or said to be lacking", is_ == status and said.endswith(f": {why}\n") == bool(why), f"{is_}\n{said}")


def mutated(whole, chance):
    to = bytearray(whole)
    for _ in range(chance.choice((1, 20, 2000))):
        # The head of the file, or anywhere in it.
        to[chance.randrange(chance.choice((512, len(to))))] = chance.randrange(256)
    return bytes(to)


def cut(whole, chance):
    return whole[:chance.choice((chance.randrange(64), chance.randrange(1024), chance.randrange(len(whole))))]


def any_code(whole, chance):
    """Random bytes in place of what is executed first."""
    at = whole.index(b"\x31\xed\x49\x89\xd1\x5e") if b"\x31\xed\x49\x89\xd1\x5e" in whole else 0x1000
    return whole[:at] + bytes(chance.randrange(256) for _ in range(4096)) + whole[at + 4096:]


def main():
    if not os.path.exists(EMULATOR):
        print(f"no {EMULATOR}: it is built where libunicorn-dev is")
        return 77
    work = tempfile.mkdtemp()
    program = os.path.join(O, "examples/01_stale_link")
    try:
        examples()
        for part in ("memory", "descriptors", "vectors", "output", "paths", "sleeping"):
            calls("calls", part)
        calls("calls_signals", "signals")
        for part in ("robust", "alone", "begins", "disturbed"):
            calls("calls_threads", part)
        faults()
        same_each_time(program)
        no_programs(work)
        ends(os.path.join(O, "tests/programs/subject"))
        leaves_nothing()
        if platform.machine() == "x86_64":
            lacking(os.path.join(O, "tests/programs/subject"), os.path.join(O, "tests/programs/calls"))
        reads_later(os.path.join(O, "tests/programs/waits"))
        if platform.machine() == "x86_64":
            refused_output(os.path.join(O, "tests/programs/calls"))
        if platform.machine() == "x86_64":
            to_itself(work, program)
            segments(work, program)
        broken(work, program, "mutated programs", mutated)
        broken(work, program, "cut programs", cut)
        broken(work, program, "random code", any_code)
    finally:
        shutil.rmtree(work)
    return tap.failed != 0


sys.exit(main())
