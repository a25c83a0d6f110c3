#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An independent witness: gdb is driven along the schedule of a recording, and at random steps of it
asked for the same facts: pc, sp and fp of every M, and every live word of every stack.

    gdb_check.py [BUILD]    default: $O, or build/

One file, three lives: run by hand it records and dumps, and starts gdb with itself as gdb's script; gdb
starts the program through it, since its first stack lies where arguments and environment let it.
tests/kernel/arm64.py has gdb ask a gdbserver on a kernel for arm64 ($G0_REMOTE) in the same way.
"""
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

SEED = 20250502
REMOTE = os.environ.get("G0_REMOTE")
CHECKS = 20 if REMOTE else 30
# Of so many steps at most: over a serial line gdb does a dozen a second.
AMONG = 1100 if REMOTE else None
# gdb's own fp is a frame's, not the register.
REGISTERS = {"pc": "pc", "sp": "sp", "fp": "x29"} if REMOTE else {"pc": "rip", "sp": "rsp", "fp": "rbp"}
# gdb 13 takes arm64's ordered load, ldar, for one that a store has to follow (stxr), and goes on up to that.
CALL = ("bl", "ldar") if REMOTE else "call"
STACK_TOP = 1 << 48 if REMOTE else (1 << 47) - 4096
AT_IGNORE, AT_HWCAP, AT_HWCAP2, AT_VDSO, TOLD = 1, 16, 26, 33, (31, 33, 51)
RANDOM_BYTES = b"sixteen, always."  # what ptrace_start.c gives the program for AT_RANDOM
GDB_SETTINGS = (
    f"set exec-wrapper {sys.executable} {os.path.abspath(__file__)} --become",
    "set disable-randomization on",
    "set confirm off",
    "set debuginfod enabled off",
)
# As in given.c.
NEWER_FEATURES = ("AVX_Fast_Unaligned_Load AVX AVX2 AVX512F AVX512VL AVX512BW AVX512CD AVX512DQ BMI1 BMI2 ERMS FMA FMA4 FSRM LZCNT MOVBE "
                  "POPCNT RTM SSE4_1 SSE4_2 SSSE3 XSAVE XSAVEC").split()
ENVIRONMENT = {
    "GLIBC_TUNABLES": "glibc.pthread.rseq=0:glibc.cpu.hwcaps=" + ",".join("-" + name for name in NEWER_FEATURES),
    "G0_MCALL": "keep",
    "G0_PAD": "....",
    "G0_PROCS": "2",
    "G0_SEED": "1",
    "G0_STEPPED": "1",
}
ENVIRONMENT_SIZE, PROGRAM_FD = 512, 255


def facts(path):
    """The steps of a dump, up to the one at which an M goes to sleep: gdb would wait for it to wake."""
    steps = []
    with open(path, encoding="utf-8") as dump:
        for line in dump:
            step = json.loads(line)
            if any(m["asleep"] for m in step["ms"]):
                break
            steps.append(step)
    return steps


# ---- between gdb and the program ----


def environment():
    """Of the same size each time."""
    used = sum(len(name) + len(value) + 2 for name, value in ENVIRONMENT.items())
    return ENVIRONMENT | {"G0_FILL": "." * (ENVIRONMENT_SIZE - used - len("G0_FILL=") - 1)}


def become(program):
    """As ptrace_start.c does: by descriptor, under its bare name, in that environment."""
    os.dup2(os.open(program, os.O_RDONLY), PROGRAM_FD, inheritable=False)
    os.execve(PROGRAM_FD, [os.path.basename(program)], environment())


# ---- in gdb ----


class Witness:
    """The program under gdb, led along the same steps."""

    def __init__(self, gdb, steps):
        self.gdb, self.steps = gdb, steps
        self.start = int(steps[0]["ms"][0]["pc"], 16)
        self.thread = {0: 1}  # M -> gdb's number of its thread

    def run(self, command):
        return self.gdb.execute(command, to_string=True)

    def register(self, name):
        return int(self.gdb.newest_frame().read_register(name)) & (2**64 - 1)

    def choose(self, m):
        self.run(f"thread {self.thread[m]}")

    def begin(self):
        self.run(f"target remote {REMOTE}" if REMOTE else "starti")
        if REMOTE:
            self.fix_auxv()
        else:
            self.hide_vdso()
        for line in self.run("info auxv").splitlines():
            if "AT_RANDOM" in line:
                self.gdb.selected_inferior().write_memory(int(line.split()[-1], 16), RANDOM_BYTES)
        self.run(f"tbreak *{self.start:#x}")
        self.run("continue")
        self.run("set scheduler-locking on")

    def hide_vdso(self):
        """As amd64/ptrace_arch.h (machine_tells) has it."""
        sp = self.register("sp")
        words = self.words_from(sp)
        at = words.index(0, words.index(0, 1) + 1) + 1
        at += 2 * words[at::2].index(AT_VDSO)
        self.gdb.selected_inferior().write_memory(sp + 8 * at, struct.pack("<Q", AT_IGNORE))

    def fix_auxv(self):
        """What arm64/ptrace_arch.h (machine_tells) has a program told, and what lies below moved up to it."""
        memory, sp = self.gdb.selected_inferior(), self.register("sp")
        words = self.words_from(sp)
        at = words.index(0, words.index(0, 1) + 1) + 1
        pairs = list(zip(words[at::2], words[at + 1 :: 2]))
        pairs = pairs[: pairs.index((0, 0)) + 1]
        always = {AT_HWCAP: (AT_HWCAP, 3), AT_HWCAP2: (AT_HWCAP2, 0)} | {kind: (1, value) for kind, value in pairs if kind == AT_VDSO}
        told = [always.get(kind, (kind, value)) for kind, value in pairs if kind <= AT_HWCAP2 or kind in TOLD]
        block = words[:at] + [word for pair in told for word in pair]
        sp += 16 * (len(pairs) - len(told))
        memory.write_memory(sp, struct.pack(f"<{len(block)}Q", *block))
        self.run(f"set $sp = {sp:#x}")

    def words_from(self, sp):
        """Up to where the first stack ends."""
        raw = bytes(self.gdb.selected_inferior().read_memory(sp, STACK_TOP - sp))
        return [int.from_bytes(raw[i : i + 8], "little") for i in range(0, len(raw), 8)]

    def continue_to(self, m, pc):
        """M m runs on to a pc; whoever else stops at a breakpoint meanwhile stays there."""
        while True:
            self.choose(m)
            if self.register(REGISTERS["pc"]) == pc:
                return
            self.run("continue")

    def call_library(self, k):
        """Step k, which calls a library; threads that it makes are brought to where they become Ms."""
        m = self.steps[k]["m"]
        back = int(state_of(self.steps[k], m)["pc"], 16)
        self.run(f"break *{self.start:#x}")
        self.run(f"break *{back:#x} thread {self.thread[m]}")
        self.continue_to(m, back)
        for new in self.steps[k]["ms"]:
            if new["id"] not in self.thread:
                known = set(self.thread.values())
                threads = self.gdb.selected_inferior().threads()
                self.thread[new["id"]] = next(t.num for t in threads if t.num not in known)
                self.continue_to(new["id"], self.start)
        # With them, gdb forgets the stops there that it has not told yet.
        self.run("delete")

    def is_library_call(self, k):
        """Called and returned in one step; or not to be left to gdb's stepi. On arm64 a call does not move sp."""
        m, step = self.steps[k]["m"], self.steps[k]
        before, now = state_of(self.steps[k - 1], m), state_of(step, m)
        back = int(now["pc"], 16) == int(step["pc"], 16) + 4 if REMOTE else before["sp"] == now["sp"]
        return step["insn"].startswith(CALL) and back

    def advance(self, at, to):
        """From step `at` to step `to`."""
        while at < to:
            m = self.steps[at + 1]["m"]
            if self.is_library_call(at + 1):
                at += 1
                self.call_library(at)
                continue
            n = 1
            while at + n < to and self.steps[at + n + 1]["m"] == m and not self.is_library_call(at + n + 1):
                n += 1
            self.step(m, at, n)
            at += n

    def step(self, m, at, n):
        """n instructions of M m; where another thread has something to say, gdb stops on the way: then on from there."""
        while n > 0:
            self.choose(m)
            self.run(f"stepi {n}")
            now = self.register(REGISTERS["pc"])
            way = [int(state_of(self.steps[at + i], m)["pc"], 16) for i in range(1, n + 1)]
            done = n if now == way[-1] or now not in way else way.index(now) + 1
            at, n = at + done, n - done

    def disagreements(self, k):
        """What gdb sees at step k that the recording does not say."""
        for m in self.steps[k]["ms"]:
            self.choose(m["id"])
            for name, ours in (("pc", m["pc"]), ("sp", m["sp"]), ("fp", m["fp"])):
                theirs = self.register(REGISTERS[name])
                if theirs != int(ours, 16):
                    yield f"M{m['id']}: {name} is {theirs:#x}, recorded {ours}"
        for stack, words in self.steps[k]["words"].items():
            lo = int(words["lo"], 16)
            inferior = self.gdb.selected_inferior()
            for i, ours in enumerate(words["hex"]):
                theirs = int.from_bytes(bytes(inferior.read_memory(lo + 8 * i, 8)), "little")
                if theirs != int(ours, 16):
                    yield f"{stack}: {lo + 8 * i:#x} holds {theirs:#x}, recorded {ours}"


def state_of(step, m):
    return next(x for x in step["ms"] if x["id"] == m)


def witness(gdb):
    steps = facts(os.environ["G0_DUMP"])
    checks = sorted(random.Random(SEED).sample(range(1, len(steps[:AMONG])), CHECKS))
    w = Witness(gdb, steps)
    w.begin()
    at = 0
    with open(os.environ["G0_RESULT"], "w", encoding="utf-8") as result:
        for number, k in enumerate(checks, 1):
            w.advance(at, k)
            at = k
            wrong = list(w.disagreements(k))
            words = sum(len(x["hex"]) for x in steps[k]["words"].values())
            verdict = "not ok" if wrong else "ok"
            print(f"{verdict} {number} - step {k}: {len(steps[k]['ms'])} Ms, {words} words", file=result)
            for line in wrong[:10]:
                print("  " + line, file=result)
    w.run("kill")


# ---- by hand ----


def main():
    build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
    gdb = shutil.which("gdb")
    if not gdb or subprocess.run([gdb, "-nx", "-batch", "-ex", "python 1"], capture_output=True).returncode:
        print("no gdb here that speaks Python")
        return 77
    with tempfile.TemporaryDirectory() as work:
        return compare(gdb, build, work)


def compare(gdb, build, work):
    """Record, dump, and have gdb look at the same; 0 if it agrees."""
    program, scope = os.path.join(build, "examples/01_stale_link"), os.path.join(build, "g0scope")
    recording, dump, result = (os.path.join(work, name) for name in ("r.g0r", "r.json", "result"))
    env = {"PATH": os.environ["PATH"], "SHELL": "/bin/sh"}
    record = [scope, "record", program, "--mcall=keep", "--seed=1", "-o", recording]
    subprocess.run(record, env=env, check=True, stdout=subprocess.DEVNULL)
    with open(dump, "w", encoding="utf-8") as out:
        subprocess.run([scope, "dump", recording, "--json", "--words"], env=env, check=True, stdout=out)
    command = [gdb, "-nx", "-batch"]
    for setting in GDB_SETTINGS:
        command += ["-ex", setting]
    env |= {"G0_DUMP": dump, "G0_RESULT": result}
    said = subprocess.run(command + ["-x", __file__, program], env=env, capture_output=True, text=True, check=False)
    lines = []
    if os.path.exists(result):
        with open(result, encoding="utf-8") as f:
            lines = f.read().splitlines()
    print("\n".join(lines))
    agreed = sum(line.startswith("ok") for line in lines)
    if agreed < CHECKS:
        print(said.stderr)
        print(f"not ok - gdb agrees at {agreed} of {CHECKS} steps")
    return agreed < CHECKS


if sys.argv[1:2] == ["--become"]:
    become(sys.argv[2])
if sys.argv[1:2] == ["--environment"]:
    sys.exit(print(" ".join(f"{name}={value}" for name, value in environment().items())))
try:
    import gdb as in_gdb
except ImportError:
    sys.exit(main())
witness(in_gdb)
