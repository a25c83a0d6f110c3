#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""arm64.py [--quick] [O]: g0scope on a real kernel for arm64, Debian's own, which qemu boots with what `make ARCH=arm64 tests` built.

There the runtime's tests run, lessons are told, and programs are stepped by ptrace; here the recordings that were made there are held
against those that the emulated CPU makes, at every step, and dumped as they were there. --quick: six lessons and one recording.
What boots is a kernel and a file system in memory: busybox, init.sh, what is tested, and the libraries that it needs. What comes
back are the console, item by item, and an archive over a second serial line. Exit status 77 where something for that is missing.
"""
import contextlib
import glob
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402
from tap import check  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
ARGS = [a for a in sys.argv[1:] if not a.startswith("--")]
QUICK = "--quick" in sys.argv
O = os.path.realpath(ARGS[0] if ARGS else "build")
ARM64 = os.path.join(O, "arm64")
G0SCOPE = os.path.join(O, "g0scope")
LIBRARIES = [os.path.join(ARM64, folder, "usr/lib/aarch64-linux-gnu") for folder in ("sysroot", "gdbserver")]
TIMEOUT = 240 if QUICK else 1800


def read(path):
    """A text; the console's lines end with CR and LF."""
    with contextlib.suppress(OSError), open(path, encoding="utf-8", errors="replace") as f:
        return f.read()
    return ""


class Missing(Exception):
    """A sentence: why nothing can be booted here."""


# ---- what is booted ----


def packages(folder, *names):
    """Debian's for arm64, unpacked once."""
    said = subprocess.run([os.path.join(HERE, "packages"), *names[:-1], os.path.join(ARM64, folder), names[-1]],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if said.returncode:
        raise Missing((said.stdout.strip().splitlines() or ["no packages"])[-1])
    return os.path.join(ARM64, folder)


class FileSystem:
    """An archive as the kernel unpacks it (cpio, newc)."""

    def __init__(self):
        self.bytes, self.folders, self.libraries = bytearray(), {""}, set()

    def entry(self, name, mode, data=b""):
        fields = (len(self.bytes), mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        self.bytes += ("070701" + "".join(f"{n:08X}" for n in fields)).encode() + name.encode() + b"\0"
        self.bytes += b"\0" * (-len(self.bytes) % 4) + data
        self.bytes += b"\0" * (-len(self.bytes) % 4)

    def make_folders(self, name):
        folder = os.path.dirname(name)
        for i in range(1, folder.count("/") + 2):
            part = "/".join(folder.split("/")[:i])
            if part not in self.folders:
                self.folders.add(part)
                self.entry(part, 0o040755)

    def put(self, name, data, executable=False):
        self.make_folders(name)
        self.entry(name, 0o100755 if executable else 0o100644, data)

    def add(self, name, path):
        """A file, and the libraries that it needs."""
        with open(path, "rb") as f:
            self.put(name, f.read(), os.access(path, os.X_OK))
        said = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=False).stdout
        for library in re.findall(r"\(NEEDED\).*\[(.*)\]", said):
            if library not in self.libraries:
                self.libraries.add(library)
                found = next(p for p in (os.path.join(folder, library) for folder in LIBRARIES) if os.path.exists(p))
                self.add("lib/" + library, os.path.realpath(found))

    def link(self, name, to):
        self.make_folders(name)
        self.entry(name, 0o120777, to.encode())

    def whole(self):
        self.entry("TRAILER!!!", 0)
        return gzip.compress(bytes(self.bytes), 1)


def file_system(job):
    fs = FileSystem()
    with open(os.path.join(HERE, "init.sh"), "rb") as f:
        fs.put("init", f.read(), True)
    fs.put("job", job.encode())
    busybox = packages("busybox", "busybox-static")
    fs.add("bin/busybox", next(p for p in glob.glob(busybox + "/**/bin/busybox", recursive=True)))
    if not QUICK:
        fs.add("bin/gdbserver", packages("gdbserver", "gdbserver") + "/usr/bin/gdbserver")
    for name in ("g0scope", "g0scope-emulator", "kernel/become", "tests/arch", "tests/src"):
        if os.path.exists(os.path.join(ARM64, name)):
            fs.add("build/" + name, os.path.join(ARM64, name))
    # They lie where they do here: libc has a program's path in its memory.
    for path in sorted(glob.glob(ARM64 + "/examples/*") + glob.glob(ARM64 + "/tests/programs/*")):
        fs.add(path[1:], path)
        fs.link("build/" + os.path.relpath(path, ARM64), path)
    for path in sorted(glob.glob(ROOT + "/examples/*")):
        fs.add("examples/" + os.path.basename(path), path)
    return fs.whole()


# ---- booting it ----


def qemu(job, work, *more):
    """The command that boots a kernel with this to do; what comes back is in the folder `work`."""
    kernel = glob.glob(packages("linux", "--boot", "linux-image-arm64") + "/boot/vmlinu*")[0]
    initrd, archive = os.path.join(work, "initrd"), os.path.join(work, "archive")
    with open(initrd, "wb") as f:
        f.write(file_system(job))
    return ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a57", "-smp", "2", "-m", "1024", "-nodefaults", "-nographic", "-no-reboot",
            "-serial", "stdio", "-chardev", f"file,id=out,path={archive}", "-device", "pci-serial,chardev=out", *more,
            "-kernel", kernel, "-initrd", initrd, "-append", "console=ttyAMA0 quiet panic=-1"]


@contextlib.contextmanager
def booted(job, work, *more):
    """It runs; the name of a file with what it says on the console."""
    said = os.path.join(work, "said")
    with open(said, "wb") as console, subprocess.Popen(qemu(job, work, *more), stdin=subprocess.DEVNULL, stdout=console,
                                                       stderr=console) as machine:
        yield said, machine
        machine.kill()


def boot(job, work):
    """The console's lines, and the folder with what came back."""
    out = os.path.join(work, "out")
    with booted(job, work) as (said, machine), contextlib.suppress(subprocess.TimeoutExpired):
        machine.wait(TIMEOUT)
    with contextlib.suppress(tarfile.TarError, EOFError), tarfile.open(os.path.join(work, "archive")) as tar:
        tar.extractall(out)
    return read(said), out


# ---- what is done there ----

LESSONS = ("03_ping_pong", "04_steal", "05_systemstack", "06_callback", "13_deadlock", "14_overflow")
# Their last stops tell what is so on amd64 alone.
NOT_ON_ARM64 = ("01_stale_link", "22_hog")
# Where the handler of an overflow returns to is another address under each kernel; the tables of the third are for long.
NOT_RECORDED = ("14_overflow", "20_timer_wheel")
CONTENDED = "tests/programs/contended"


def names():
    return sorted(os.path.basename(path)[:-3] for path in glob.glob(ROOT + "/examples/*.md"))


def recordings():
    """Programs, and how they are recorded, there and here."""
    if QUICK:
        return {"05_systemstack": ("examples/05_systemstack", "--seed=1", "--mcall=keep")}
    made = {name: ("examples/" + name, "--seed=3", "--mcall=keep", "--limit=2500") for name in names() if name not in NOT_RECORDED}
    # The second is for gdb, with the options that gdb_check.py has.
    return made | {"contended": (CONTENDED, "--seed=5", "--procs=3"), "for_gdb": ("examples/01_stale_link", "--mcall=keep", "--seed=1")}


def lessons():
    return LESSONS if QUICK else tuple(name for name in names() if name not in NOT_ON_ARM64)


def ends_with(name):
    """The status that an example says it ends with; None: any but 0."""
    with open(f"{ROOT}/examples/{name}.c", encoding="utf-8") as f:
        head = f.read()
    status = re.search(r"^ \* Ends with status (\d+)\.$", head, re.M)
    return int(status[1]) if status else None if re.search(r"^ \* Ends with .*; with any but 0 where", head, re.M) else 0


def job():
    """Lines of a shell: each item is one that init.sh tells of."""
    lines = ["cd /", "layout"]
    if not QUICK:
        lines += [f"item 'tests/{layer}' build/tests/{layer}" for layer in ("arch", "src")]
        for name in names():
            lines.append(f"ends '{ends_with(name)}' 'examples/{name}' build/examples/{name} 50")
    lines += [f"item 'the lesson {name}' build/g0scope check examples/{name}.md" for name in lessons()]
    lines.append("item 'stale_link is told' told build/g0scope --ascii --view=text stale_link")
    for name, (program, *options) in recordings().items():
        lines.append(f"item 'record {name}' recorded /out/{name} build/g0scope record build/{program} -o /out/{name}.g0r "
                     + " ".join(options))
    return "\n".join(lines) + "\n"


# ---- what has come of it ----


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)


def tell_items(said):
    """Each item, with what was on the console before it."""
    for part in re.finditer(r"(.*?)^@item (\d+) (\d+) (.*?)$", said, re.S | re.M):
        before, status, seconds, what = part.groups()
        wrong = re.findall(r"^(?:\[  (?:ERROR|FAILED).*|not ok.*|.*: error: .*)$", before, re.M)
        check(f"{what} ({seconds} s)", status == "0", "\n".join(wrong) or before)
    check("it came to its end", re.search(r"^@end", said, re.M), said[-2000:])


def told_here():
    """The pages of stale_link, without what tells of the machine."""
    said = subprocess.run([G0SCOPE, "--arch=arm64", "--ascii", "--view=text", "stale_link"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False).stdout
    return pages(said)


def pages(text):
    """Up to where it says, with a path, that on arm64 the end is another than on amd64."""
    text = re.split(r"^\S*examples/01_stale_link.md:", text, maxsplit=1, flags=re.M)[0]
    return [line for line in text.splitlines() if not line.startswith((" stale_link ", "executed by an emulated "))]


def first_other(a, b):
    return next((f"{x}\n{y}" for x, y in zip(a, b) if x != y), f"{len(a)} and {len(b)} lines")


def hold_against(work, out):
    """What was recorded there, at every step, against what the emulated CPU does here; and dumped here."""
    shift = read(os.path.join(out, "shift")).strip()
    steps = 0
    for name, (program, *options) in recordings().items():
        there, here = os.path.join(out, name + ".g0r"), os.path.join(work, "here.g0r")
        with contextlib.suppress(OSError):
            os.unlink(here)
        run(G0SCOPE, "record", os.path.join(ARM64, program), "-o", here, *options)
        same = run(os.path.join(O, "kernel/same_steps"), here, there, shift)
        count = re.fullmatch(r"(\d+) steps are the same\n", same.stdout)
        steps += int(count[1]) if count else 0
        check(f"{name}: registers and stacks are those of the emulated CPU: {same.stdout.strip()}", same.returncode == 0, same.stdout)
        dump = subprocess.run([G0SCOPE, "dump", there, "--json"], capture_output=True, check=False).stdout
        check(f"{name}: the recording made there is dumped here as it was there",
              dump and hashlib.sha256(dump).hexdigest() in read(os.path.join(out, name + ".sum")))
    check(f"{steps} steps are the same", steps >= (2000 if QUICK else 20000))


def gdb_agrees(work, out):
    """gdb, which steps the program there by itself, sees the same as was recorded there at random steps."""
    gdb, checker = shutil.which("gdb-multiarch"), os.path.join(ROOT, "tests/engine/gdb_check.py")
    if not gdb:
        print("ok - gdb agrees # skip no gdb-multiarch here")
        return
    dump, result, line = (os.path.join(work, name) for name in ("dump", "result", "line"))
    with open(dump, "w", encoding="utf-8") as f:
        subprocess.run([G0SCOPE, "dump", os.path.join(out, "for_gdb.g0r"), "--json", "--words"], stdout=f, check=False)
    program = "examples/01_stale_link"
    serve = f"cd /\ngdbserver --wrapper /build/kernel/become -- /dev/ttyS1 build/{program} {run(sys.executable, checker, '--environment').stdout}"
    with booted(serve, work, "-chardev", f"socket,id=gdb,path={line},server=on,wait=off", "-device", "pci-serial,chardev=gdb") as (said, _):
        for _ in range(600):
            if "Remote debugging using" in read(said):
                break
            time.sleep(0.2)
        asked = subprocess.run([gdb, "-nx", "-batch", "-ex", "set confirm off", "-ex", "set debuginfod enabled off", "-ex", "set sysroot /",
                                "-x", checker, os.path.join(ARM64, program)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, timeout=600, check=False,
                               env={**os.environ, "G0_DUMP": dump, "G0_RESULT": result, "G0_REMOTE": line})
    agreed = len(re.findall(r"^ok", read(result), re.M))
    check(f"gdb agrees at {agreed} random steps", agreed == 20, read(result) + asked.stdout[-3000:] + read(said)[-1000:])


def missing():
    """What is not there to begin with."""
    for path, remedy in ((os.path.join(ARM64, "g0scope"), "make ARCH=arm64 sysroot, then make ARCH=arm64"),
                         (os.path.join(O, "g0scope-emulator"), "libunicorn-dev, then make"),
                         (os.path.join(O, "kernel/same_steps"), "make tests")):
        if not os.path.exists(path):
            raise Missing(f"no {os.path.relpath(path, ROOT)} here: {remedy}")
    if not shutil.which("qemu-system-aarch64"):
        raise Missing("no qemu-system-aarch64 here")


def main():
    try:
        missing()
        with tempfile.TemporaryDirectory() as work:
            said, out = boot(job(), work)
            tell_items(said)
            here, there = told_here(), pages(read(os.path.join(out, "told")))
            check("stale_link: the pages told there are those told here", here == there and len(there) > 90, first_other(here, there))
            hold_against(work, out)
            if not QUICK:
                gdb_agrees(work, out)
    except Missing as why:
        print(why)
        return 77
    print(f"{tap.passed} passed, {tap.failed} failed")
    return tap.failed != 0


sys.exit(main())
