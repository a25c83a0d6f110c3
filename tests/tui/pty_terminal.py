# SPDX-License-Identifier: MIT
"""Imported by tests/tui/*.py: a program in a terminal of its own (a pty), what it sends there, and what it leaves.

tmux would draw what is sent; here the bytes themselves are looked at, many programs a second.
"""
import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402
from tap import check  # noqa: E402

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
O = os.path.join(ROOT, sys.argv[1] if len(sys.argv) > 1 else os.environ.get("O", "build"))
G0SCOPE = os.environ.get("G0SCOPE", os.path.join(O, "g0scope"))
PATIENCE = float(os.environ.get("PATIENCE", 60))
# What xterm is sent at the start, and what must have come after it.
PAIRS = {"the alternate screen is left": (b"\033[?1049h", b"\033[?1049l"), "the cursor is shown": (b"\033[?25l", b"\033[?25h"),
         "the keypad is off": (b"\033[?1h\033=", b"\033[?1l\033>")}


def finish():
    sys.exit(1 if tap.failed else 0)


def need_g0scope():
    if not os.access(G0SCOPE, os.X_OK):
        print(f"no {G0SCOPE}: build first")
        sys.exit(77)


def wait_until(what):
    """Whether it comes true in time."""
    end = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def is_gone(pid):
    """It is no process any more, or nobody has looked at how it ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


class Terminal:
    """g0scope with these arguments in a terminal; ignored: signals that its parent has switched off."""

    def __init__(self, *args, term="xterm-256color", size=(80, 24), ignored=(), **env):
        self.master, self.slave = pty.openpty()
        self.resize(*size)
        self.modes = termios.tcgetattr(self.slave)
        self.sent = b""

        def become():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            for sig in ignored:
                signal.signal(sig, signal.SIG_IGN)

        clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
        clean |= {"TERM": term, "LC_ALL": "C.UTF-8", "G0SCOPE_EXAMPLES": f"{O}/examples:{ROOT}/examples"} | env
        self.process = subprocess.Popen([G0SCOPE, *args], stdin=self.slave, stdout=self.slave, stderr=self.slave,
                                        env=clean, start_new_session=True, preexec_fn=become)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for fd in (self.master, self.slave):
            with contextlib.suppress(OSError):
                os.close(fd)

    def resize(self, cols, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def read(self, seconds=0.02):
        """Takes what has been sent."""
        while select.select([self.master], [], [], seconds)[0]:
            try:
                self.sent += os.read(self.master, 65536)
            except OSError:
                return
            seconds = 0

    def has_sent(self, words):
        self.read()
        return words in self.sent

    def wait_for(self, words):
        return wait_until(lambda: self.has_sent(words) or self.process.poll() is not None) and words in self.sent

    def key(self, keys):
        os.write(self.master, keys)

    def stepped(self):
        """The processes that it steps."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as children:
            return [int(pid) for pid in children.read().split()]

    def wait(self):
        """How it ended; None: not in time. What it sends is read meanwhile, for it waits until it is."""
        def ended():
            self.read()
            return self.process.poll() is not None

        wait_until(ended)
        self.read()
        return self.process.returncode

    def faults(self):
        """What is not as it was before the program was started."""
        wrong = [what for what, (on, off) in PAIRS.items() if self.sent.rfind(off) < self.sent.rfind(on)]
        if termios.tcgetattr(self.slave) != self.modes:
            wrong.append("the modes are as before")
        return wrong
