#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutants.py [--number N] [--seed N] [--arch amd64|arm64] [--file PATTERN] [AREA...]: can the tests fail?

Makes one small change at a time to the source (change.py), builds the tests of it in a copy of the tree, and runs them: one of
them ought to fail, or not to end. What none of them finds is a test to write, or an equal program, to be explained in equal.txt:
such are not counted, nor what does not compile or comes out the same. Areas: arch (each instruction), src, model (a sample).
Exit status: 0 if in each area enough are found, 1 if not. Not part of the tests: it takes minutes.
"""
import argparse
import glob
import hashlib
import os
import queue
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch

import change

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WORKERS = 2
# What an area is made of, but for what; which tests look at it, the first ones first; how many of 100 mutants they must find.
# async_preempt.S is left out for time: only tests/src has tests of it, which take long.
AREAS = {
    "arch": (["arch/{arch}/*.S"], ["text.S", "async_preempt.S"], ["arch", "arch/same_length.sh", "src"], 95),
    "src": (["src/*.c", "src/*.h"], ["fiber.c", "fiber_*san.h"], ["src"], 90),
    "model": (["visualizer/model/*.c"], [], ["model", "sanitized/model"], 90),
}
TEST_SECONDS = {"arch": 2, "src": 15}  # till one test hangs; the slowest take 0.01 and 1
RUN_SECONDS = 300  # till the whole does, where none can tell
OBJDUMP = {"amd64": "objdump", "arm64": "aarch64-linux-gnu-objdump"}
OBJCOPY = {"amd64": "objcopy", "arm64": "aarch64-linux-gnu-objcopy"}

found_how = Counter()


def sources(root, area, arch):
    patterns, but, _, _ = AREAS[area]
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.join(root, pattern.format(arch=arch)))):
            if not any(fnmatch(os.path.basename(path), b) for b in but):
                yield os.path.relpath(path, root)


def equals():
    """What equal.txt explains: (path, old, new)."""
    entries = set()
    with open(os.path.join(HERE, "equal.txt")) as f:
        for line in f:
            if line.strip() and line[0] not in "#\t":
                path, rest = line.strip().split(": ", 1)
                entries.add((path, *rest.split(" => ", 1)))
    return entries


def looks(area, arch):
    """The tests of an area. Under qemu tests/src takes too long to be asked for each instruction."""
    return [t for t in AREAS[area][2] if not (area == "arch" and arch == "arm64" and t == "src")]


class Tree:
    """A copy of the source with a build of its own."""

    def __init__(self, directory, arch, targets):
        self.at, self.arch = directory, arch
        shutil.copytree(ROOT, directory, ignore=shutil.ignore_patterns("build", ".git"), dirs_exist_ok=True)
        self.images = {}
        for t in targets:
            error = self.make(t)
            if error:
                sys.exit(f"mutants: the tests of {t} cannot be built:\n{error}")
            self.images[t] = self.image(t)
            failed = self.run(t)
            if failed:
                sys.exit(f"mutants: {t} fails as it is: {failed}")

    @staticmethod
    def binary(target):
        """The test binary of a layer; of sanitized/LAYER with sanitizers in it, which see what is lost, or used and not there."""
        where, name = os.path.split(target)
        return os.path.join("build", where, "tests", name)

    def make(self, target):
        """Build a test binary, or for a script the library. Returns what went wrong."""
        goal = "build/libg0.a" if target.endswith(".sh") else self.binary(target)
        # Without -g: what is the same but for a line's number comes out the same.
        command = ["make", "-s", f"ARCH={self.arch}", "O=build", "CFLAGS=", goal]
        if target.startswith("sanitized/"):
            command[3:4] = ["SAN=address,undefined", "RT_SAN=", "O=build/sanitized"]
        p = subprocess.run(command, cwd=self.at, capture_output=True, text=True)
        return p.stderr or "make failed" if p.returncode != 0 else ""

    def image(self, target):
        if target.endswith(".sh"):
            return None
        # The runtime carries its own text (Makefile: sources), which is no part of what it does.
        bare = os.path.join(self.at, "bare")
        without = ["--strip-all", "-R", ".debug_g0_sources", "-R", ".note.gnu.build-id"]
        subprocess.run([OBJCOPY[self.arch], *without, self.binary(target), bare], cwd=self.at, check=True)
        with open(bare, "rb") as f:
            return hash(f.read())

    def command(self, target):
        if target.endswith(".sh"):
            return [f"tests/{target}", "build", OBJDUMP[self.arch]]
        return ["qemu-aarch64-static"] * (self.arch == "arm64") + [self.binary(target)]

    def run(self, target):
        """None if every test passes, or which did not."""
        env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", TMPDIR=self.at, G0_TEST_SECONDS=str(TEST_SECONDS.get(target, 0)))
        p = subprocess.Popen(
            self.command(target), cwd=self.at, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL, start_new_session=True, errors="replace",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
        )  # fmt: skip
        late = threading.Timer(RUN_SECONDS, self.end, [p])
        late.start()
        # One that fails is enough.
        failed = next((line.strip() for line in p.stdout if re.match(r"\s*not ok", line)), None)
        hung = not late.is_alive()
        late.cancel()
        if failed or hung:
            self.end(p)
        status = p.wait()
        p.stdout.close()
        return failed or ("hangs" if hung else f"ended with {status}" if status != 0 else None)

    @staticmethod
    def end(p):
        try:
            os.killpg(p.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def judge(self, mutant, targets):
        """How the tests took a mutant: "does not compile", "the same", None if all pass, or what found it."""
        path = os.path.join(self.at, mutant.path)
        with open(path) as f:
            text = f.read()
        new = text
        for a, b, by in reversed(mutant.edits):
            new = new[:a] + by + new[b:]
        with open(path, "w") as f:
            f.write(new)
        try:
            for t in targets:
                if self.make(t):
                    return "does not compile"
                if t == targets[0] and self.image(t) == self.images[t]:
                    return "the same"
                failed = self.run(t)
                if failed:
                    return f"{t}: {failed}"
            return None
        finally:
            with open(path, "w") as f:
                f.write(text)


def survive(area, mutants, number, trees):
    """Judge mutants until so many count; those that no test finds, and how many counted."""
    survivors, counted, lock = [], Counter(), threading.Lock()

    def work(mutant):
        with lock:
            if number and counted["all"] >= number:
                return
        tree = trees.get()
        try:
            how = tree.judge(mutant, looks(area, tree.arch))
        finally:
            trees.put(tree)
        with lock:
            if how in ("does not compile", "the same"):
                counted[how] += 1
                return
            counted["all"] += 1
            found_how[how and re.sub(r"not ok \d+ - ", "", how)] += 1
            if how is None:
                survivors.append(mutant)
                print(f"{mutant.path}:{mutant.line}: {mutant.old} => {mutant.new}", flush=True)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, mutants))
    return survivors, counted


def lot(seed, mutant):
    """A number at random, but the same for the same change, whatever becomes of other lines."""
    return hashlib.sha256(f"{seed} {mutant.path} {mutant.old} {mutant.new}".encode()).digest()


def try_area(area, options, explained):
    mutants = []
    for path in sources(ROOT, area, options.arch):
        with open(os.path.join(ROOT, path)) as f:
            mutants += change.of_file(path, f.read())
    gone = {e for e in explained if any(m.path == e[0] for m in mutants)} - {(m.path, m.old, m.new) for m in mutants}
    for e in sorted(gone):
        print(f"equal.txt: {e[0]} has no {e[1]} => {e[2]} any more: take it out")
    equal = [m for m in mutants if (m.path, m.old, m.new) in explained]
    mutants = [m for m in mutants if m not in equal and fnmatch(m.path, options.file)]
    number = 0 if area == "arch" else options.number
    if number:
        mutants.sort(key=lambda m: lot(options.seed, m))
    trees, since = queue.Queue(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="g0-mutants-") as scratch:
        for i in range(WORKERS):
            trees.put(Tree(os.path.join(scratch, str(i)), options.arch, looks(area, options.arch)))
        survivors, counted = survive(area, mutants, number, trees)
    found, percent = counted["all"] - len(survivors), AREAS[area][3]
    print(
        f"{area}: {found} of {counted['all']} mutants found, {100 * found / max(counted['all'], 1):.1f} % ({percent} wanted); "
        f"not counted: {counted['does not compile']} that do not compile, {counted['the same']} that come out the same, "
        f"{len(equal)} explained; {time.monotonic() - since:.0f} s"
    )
    return not gone and 100 * found >= percent * counted["all"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", metavar="AREA", help="default: all")
    parser.add_argument("--number", type=int, default=100, help="of src and model, how many; 0: all (default: 100)")
    parser.add_argument("--seed", type=int, default=1, help="which of them (default: 1)")
    parser.add_argument("--arch", default="amd64", choices=["amd64", "arm64"])
    parser.add_argument("--file", default="*", help="only of files whose path matches")
    parser.add_argument("--verbose", action="store_true", help="which tests found how many")
    options = parser.parse_args()
    for area in options.areas:
        if area not in AREAS:
            parser.error(f"no area '{area}'; there are {', '.join(AREAS)}")
    explained = equals()
    good = [try_area(area, options, explained) for area in options.areas or AREAS]
    if options.verbose:
        for how, n in found_how.most_common():
            print(f"{n:5} {how or 'nothing'}")
    return not all(good)


if __name__ == "__main__":
    sys.exit(main())
