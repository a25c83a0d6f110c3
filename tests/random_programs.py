#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""random_programs.py [O [SECONDS [SEED]]]: whatever a file is, g0scope lives, ends by itself and says what happened.

Programs for amd64, and for arm64 if they are built, with a part of their file changed at random (headers, segments, notes,
symbols, lines, code, data), with random bytes in place of a function's code or of the whole file. Each is recorded on the
emulated CPU; what was recorded is opened; some are shown as text at once. 20 seconds if it is not said; `make test-long` takes
ten minutes. The seed is said, and each program has a number: `random_programs.py build 0 SEED/NUMBER` does one alone. What something
is wrong with is left in /tmp. Exit status 77 where there is no emulator.
"""
import collections
import glob
import os
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import tap
from tap import check

O = os.path.realpath(sys.argv[1] if len(sys.argv) > 1 else "build")
G0SCOPE = os.environ.get("G0SCOPE", os.path.join(O, "g0scope"))
PATIENCE = 100  # seconds: no program takes ten
MEMORY = 3 << 20  # kilobytes
BROKEN = re.compile("Sanitizer|runtime error:|Assertion|BUG")


# ---- a program's file ----

class File:
    """What of an ELF file is to be changed: places by what they are of."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.bytes = f.read()
        self.name = os.path.relpath(path, O)
        at = struct.unpack_from("<Q", self.bytes, 40)[0]
        size, n, names = struct.unpack_from("<HHH", self.bytes, 58)
        self.headers = (at, size * n)
        raw = [struct.unpack_from("<IIQQQQIIQQ", self.bytes, at + i * size) for i in range(n)]
        strings = raw[names][4]
        self.sections = {self.string(strings + s[0]): s for s in raw if s[1] != 8 and s[5]}
        self.segments = (struct.unpack_from("<Q", self.bytes, 32)[0], 56 * struct.unpack_from("<H", self.bytes, 56)[0])
        self.functions = self.find_functions()

    def string(self, at):
        return self.bytes[at:self.bytes.index(b"\0", at)].decode()

    def find_functions(self):
        """Where the code of each lies in the file, and how much of it; the program's own and the runtime's, and all, alike often."""
        _, _, _, _, at, size, _, _, _, each = self.sections[".symtab"]
        strings, text = self.sections[".strtab"][4], self.sections[".text"]
        all_ = [struct.unpack_from("<IBBHQQ", self.bytes, i) for i in range(at, at + size, each)]
        ends = {self.string(strings + s[0]): s[4] for s in all_}
        code = [(s[4] - text[3] + text[4], min(s[5], 4096)) for s in all_
                if s[1] & 15 == 2 and s[5] and text[3] <= s[4] < text[3] + text[5]]
        ours = [c for c in code if ends["go_main"] <= c[0] - text[4] + text[3] < ends["runtime_etext"]]
        return ours * (len(code) // len(ours)) + code

    def extent(self, pattern):
        return [(s[4], s[5]) for name, s in self.sections.items() if re.search(pattern, name)]


ODD = (0, 1, 2, 7, 8, 255, 4095, 4096, 0x7fffffff, 0x80000000, 0xffffffff, 1 << 32, 1 << 47, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)


def change(to, chance, places, most):
    """Some bytes, bits or words there."""
    places = [p for p in places if p[1]]
    for _ in range(chance.choice((1, 1, 3, most)) if places else 0):
        at, n = chance.choice(places)
        at += chance.randrange(n)
        size = chance.choice((1, 1, 2, 4, 8))
        kind = chance.randrange(4)
        if kind == 0:
            to[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            to[at] = chance.randrange(256)
        else:
            at -= at % size
            word = chance.choice(ODD) if kind == 2 else int.from_bytes(to[at:at + size], "little") + chance.randrange(-9, 9)
            to[at:at + size] = (word % (1 << 8 * size)).to_bytes(size, "little")


def head(f, to, chance):
    change(to, chance, [(0, 64)], 9)


def segments(f, to, chance):
    change(to, chance, [f.segments], 9)


def sections(f, to, chance):
    change(to, chance, [f.headers], 30)


def notes(f, to, chance):
    change(to, chance, f.extent(r"\.note|\.stapsdt"), 30)


def symbols(f, to, chance):
    change(to, chance, f.extent(r"\.symtab|\.strtab"), 900)


def lines(f, to, chance):
    change(to, chance, f.extent(r"\.debug_|\.eh_frame|\.gcc_except"), 900)


def code(f, to, chance):
    change(to, chance, f.extent(r"^\.text"), 3000)


def runtime_code(f, to, chance):
    change(to, chance, chance.sample(f.functions, 40), 300)


def data(f, to, chance):
    change(to, chance, f.extent(r"^\.(data|rodata|init_array|tdata|got|data\.rel\.ro)"), 900)


def anywhere(f, to, chance):
    change(to, chance, [(0, len(to))], 2000)


def random_code(f, to, chance):
    """Functions of random bytes."""
    for _ in range(chance.choice((1, 3, 30))):
        at, n = chance.choice(f.functions)
        to[at:at + n] = chance.randbytes(n)


def swapped_code(f, to, chance):
    """Functions with another's code."""
    for _ in range(chance.choice((1, 5, 50))):
        (at, n), (other, _) = chance.choice(f.functions), chance.choice(f.functions)
        to[at:at + n] = f.bytes[other:other + n]


def cut(f, to, chance):
    del to[chance.choice((chance.randrange(200), chance.randrange(len(to)))):]


def noise(f, to, chance):
    to[:] = chance.randbytes(chance.choice((0, 1, 63, 64, 4096, 100000)))


def noise_in_a_head(f, to, chance):
    keep = chance.choice((64, 64 + f.segments[1]))
    to[keep:] = chance.randbytes(chance.choice((0, 5000, len(to) - keep)))


KINDS = (head, segments, sections, notes, symbols, lines, code, runtime_code, data, anywhere, random_code, swapped_code, cut, noise,
         noise_in_a_head)


# ---- what is made of it ----

Ended = collections.namedtuple("Ended", "status said memory seconds")


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(work, *command):
    """How it ended; status None: not by itself."""
    log, begin = os.path.join(work, "said"), time.monotonic()
    with open(log, "wb") as out, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=limits,
                                                  start_new_session=True) as p:
        signal.alarm(PATIENCE)
        try:
            _, status, usage = os.wait4(p.pid, 0)
            p.returncode = os.waitstatus_to_exitcode(status)
        except TimeoutError:
            os.kill(p.pid, signal.SIGKILL)
            _, _, usage = os.wait4(p.pid, 0)
            p.returncode = None
        signal.alarm(0)
        ended = p.returncode
    if ended is None:
        p.returncode = -signal.SIGKILL
    with open(log, "rb") as f:
        said = f.read(1 << 20).decode(errors="replace")
    return Ended(ended, said, usage.ru_maxrss, time.monotonic() - begin)


def too_late(*_):
    raise TimeoutError


def left(name):
    """Processes that have this among their arguments."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as f:
                if name.encode() in f.read().split(b"\0"):
                    found.append(path.split("/")[2])
        except OSError:
            pass
    return found


def wrong(end):
    """What is not as it should be with an end; "": nothing."""
    if end.status is None:
        return f"it goes on after {PATIENCE} seconds"
    if end.status not in (0, 1, 2):
        return f"it ended with status {end.status}"
    if not end.said.strip():
        return "it says nothing"
    if BROKEN.search(end.said):
        return "it is broken"
    return f"it took {end.memory >> 10} megabytes" if end.memory > MEMORY else ""


class Trial:
    """The programs, and what became of them."""

    def __init__(self, work, seed):
        self.work, self.seed = work, seed
        self.files = [File(path) for path in sorted(glob.glob(os.path.join(O, "examples/[0-9][0-9]_*")) +
                                                    glob.glob(os.path.join(O, "arm64/examples/[0-9][0-9]_*")))]
        self.ends = collections.Counter()
        self.kinds = collections.Counter()
        self.bad = {}
        self.lost = []
        self.slowest = (0, "")

    def make(self, number):
        """A name that no other process has, the program, and what was done to it."""
        chance = random.Random(f"{self.seed}/{number}")
        f, kind = chance.choice(self.files), chance.choice(KINDS)
        to = bytearray(f.bytes)
        kind(f, to, chance)
        path = os.path.join(self.work, f"random-{os.getpid()}-{number}")
        with open(path, "wb") as out:
            out.write(to)
        os.chmod(path, 0o755)
        return path, kind.__name__, f"{self.seed}/{number}: {f.name}, {kind.__name__}", chance

    def commands(self, path, chance):
        recording = path + ".g0r"
        machine = ("--machine=emulated", f"--mcall={chance.choice(('keep', 'clear', 'g0bp', 'cycle'))}", f"--procs={chance.randrange(1, 5)}")
        # A sanitizer in the emulator has nobody to say it to.
        env = [f"--env={name}=abort_on_error=0:detect_leaks=0:log_path={self.work}/report" for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")]
        yield G0SCOPE, "record", path, *machine, *env, f"--seed={chance.randrange(1, 1000)}", "--limit=2000", "-o", recording
        if os.path.exists(recording):
            yield G0SCOPE, "info", recording
            yield G0SCOPE, "dump", "--json", recording
            yield G0SCOPE, "replay", "--view=text", f"--step={chance.randrange(2000)}", recording
        if chance.randrange(4) == 0:
            yield G0SCOPE, "--view=text", *machine, *env, f"--step={chance.randrange(500)}", path

    def judge(self, what, command, end, path):
        why = wrong(end)
        reports = glob.glob(os.path.join(self.work, "report*"))
        for report in reports:
            with open(report, encoding="utf-8", errors="replace") as f:
                why += f.read(6000)
            os.unlink(report)
        if left(os.path.basename(path)):
            why += " it leaves processes behind"
        if why:
            self.bad[what] = f"{why}\n{' '.join(command)}\n{end.said[-2000:]}"
            shutil.copy(path, f"/tmp/g0scope-{os.path.basename(path)}")
        if "the emulator, which has ended" in end.said:
            self.lost.append(what)
        self.slowest = max(self.slowest, (end.seconds, what))

    def one(self, number):
        path, kind, what, chance = self.make(number)
        for i, command in enumerate(self.commands(path, chance)):
            end = run(self.work, *command)
            self.judge(what, command, end, path)
            if i == 0:
                # Without names and addresses, and of what the program has written only how it begins.
                self.ends[re.sub(r"[0-9]+", "0", end.said.replace(path, "it").split(": ", 1)[-1].strip())[:60]] += 1
                self.kinds[kind] += os.path.exists(path + ".g0r")
        for left_over in glob.glob(path + "*"):
            os.unlink(left_over)


def main():
    if not os.path.exists(os.path.join(O, "g0scope-emulator")):
        print("no g0scope-emulator: it is built where libunicorn-dev is")
        return 77
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed, _, only = (sys.argv[3] if len(sys.argv) > 3 else str(random.randrange(1 << 32))).partition("/")
    signal.signal(signal.SIGALRM, too_late)
    print(f"# seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as work:
        trial = Trial(work, seed)
        n, end = int(only or 0), time.monotonic() + seconds
        trial.one(n)
        while not only and time.monotonic() < end:
            n += 1
            trial.one(n)
    total, recorded = sum(trial.ends.values()), sum(trial.kinds.values())
    check(f"{total} random programs: g0scope lives, ends and says what happened", not trial.bad,
          "\n".join(f"{what}: {why}" for what, why in trial.bad.items()))
    check(f"{recorded} of them are recorded", only or 0 < recorded < total, trial.ends)
    print(f"# {dict(trial.kinds)}\n# {trial.ends.most_common(40)}\n# the slowest: {trial.slowest[0]:.1f} s, {trial.slowest[1]}")
    # The engine may give up: then the emulator ends, and that is what is said.
    print("# the emulator ended: " + (", ".join(trial.lost) or "never"))
    return tap.failed != 0


sys.exit(main())
