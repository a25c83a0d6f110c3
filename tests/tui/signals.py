#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""signals.py [O]: whichever signal ends g0scope, and when, it leaves the terminal as it was, nothing that it stepped, and its status.

Exit status: 0 all is as it should be, 1 not, 77 no g0scope here.
"""
import os
import signal
import subprocess
import tempfile
import termios

from pty_terminal import O, ROOT, Terminal, check, finish, is_gone, need_g0scope, wait_until

NOT_FATAL = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU,
             signal.SIGSTOP, signal.SIGKILL}
# g0scope ignores it from the start: a file that grows too large is an error like others.
IGNORED = {signal.SIGXFSZ}
# Of those without a name the first and the last will do.
FATAL = sorted(signal.valid_signals() - NOT_FATAL - IGNORED - set(range(signal.SIGRTMIN + 2, signal.SIGRTMAX)))
DRAWN = b"step 0 of 0"
SPINS = """
#include "g0.h"
volatile int turns;
void go_main(void)
{
	for (;;)
		turns++;
}
"""


def name(sig):
    return signal.Signals(sig).name if sig in signal.Signals._value2member_map_ else f"signal {sig}"


def ended_by(what, sig, t, stepped):
    """The one signal that it was sent has ended it, in order."""
    status = t.wait()
    faults = t.faults()
    left = [pid for pid in stepped if not wait_until(lambda pid=pid: is_gone(pid))]
    said = b"g0scope: " in t.sent
    check(f"{what}: {name(sig)} ends it by itself, and all is as it was", status == -sig and not faults and not left and said,
          f"status {status}, not so: {faults}, left: {left}, it said: {t.sent[-200:]!r}")


def while_it_waits():
    for sig in FATAL:
        if sig != signal.SIGINT:  # that is a key then
            with Terminal("stale_link") as t:
                t.wait_for(DRAWN)
                stepped = t.stepped()
                t.process.send_signal(sig)
                ended_by("waiting for a key", sig, t, stepped)


def while_it_steps(program):
    for sig in (signal.SIGTERM, signal.SIGUSR1, signal.SIGXCPU, signal.SIGRTMAX):
        with Terminal("--procs=1", program) as t:
            t.wait_for(DRAWN)
            stepped = t.stepped()
            # The last event that there is: the next one is waited for.
            t.key(b"e" * 50)
            t.wait_for(b"about to resume G1")
            t.process.send_signal(sig)
            ended_by("in a long run", sig, t, stepped)


def compiled(work):
    """The program that spins; None: it does not compile."""
    with open(f"{work}/spins.c", "w", encoding="ascii") as source:
        source.write(SPINS)
    command = [os.environ.get("CC", "cc"), *"-g -O0 -static -no-pie -fno-pie -fcf-protection=none -pthread".split(),
               f"-I{ROOT}/src", f"-I{ROOT}/arch/amd64", "-o", f"{work}/spins", f"{work}/spins.c", f"{O}/libg0.a"]
    return f"{work}/spins" if subprocess.run(command, check=False).returncode == 0 else None


def twice():
    for first, second in ((signal.SIGTERM, signal.SIGTERM), (signal.SIGUSR1, signal.SIGTERM), (signal.SIGSEGV, signal.SIGABRT)):
        with Terminal("stale_link") as t:
            t.wait_for(DRAWN)
            stepped = t.stepped()
            t.process.send_signal(first)
            t.process.send_signal(second)
            status = t.wait()
            check(f"{name(first)} and {name(second)} at once: by one of them, and all is as it was",
                  status in (-first, -second) and not t.faults(), f"status {status}, not so: {t.faults()}")
            check(f"{name(first)} and {name(second)} at once: nothing is left",
                  all(wait_until(lambda pid=pid: is_gone(pid)) for pid in stepped))


def at_the_start_and_the_end():
    """Wherever it is between its first byte and its last."""
    for sig in (signal.SIGTERM, signal.SIGALRM):
        for first in (b"\033[?1049h", b"\033[?1h\033=", b"\033[?25l", DRAWN):
            with Terminal("stale_link") as t:
                t.wait_for(first)
                t.process.send_signal(sig)
                status = t.wait()
                check(f"after {first!r}: {name(sig)} ends it, and all is as it was", status == -sig and not t.faults(),
                      f"status {status}, not so: {t.faults()}")
        with Terminal("stale_link") as t:
            t.wait_for(DRAWN)
            t.key(b"q")
            t.wait_for(b"\033[?1049l")
            t.process.send_signal(sig)
            status = t.wait()
            check(f"while it quits: {name(sig)}, and all is as it was", status in (0, -sig) and not t.faults(),
                  f"status {status}, not so: {t.faults()}")


def what_is_switched_off_stays_off():
    off = (signal.SIGHUP, signal.SIGUSR1, signal.SIGXFSZ, signal.SIGRTMIN)
    with Terminal("stale_link", ignored=off) as t:
        t.wait_for(DRAWN)
        for sig in off:
            t.process.send_signal(sig)
        t.key(b"?")
        check("signals that its parent ignores: it goes on", t.wait_for(b"one instruction back"), t.sent[-200:])
        t.key(b"xq")
        check("… and quits as ever", t.wait() == 0 and not t.faults(), t.faults())


def stopped_and_continued():
    """By SIGSTOP, of which nobody hears. A shell then has the terminal its way, and writes on it."""
    with Terminal("stale_link") as t:
        t.wait_for(DRAWN)
        t.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, t.process.pid, os.WSTOPPED)
        t.read()
        t.sent_before_the_stop, t.sent = t.sent, b""
        termios.tcsetattr(t.slave, termios.TCSANOW, t.modes)
        t.process.send_signal(signal.SIGCONT)
        check("stopped and continued: all is drawn again", t.wait_for(DRAWN))
        t.sent = t.sent_before_the_stop + t.sent
        t.key(b"q")
        check("… a key is a key, and q quits as ever", t.wait() == 0 and not t.faults(), t.faults())


def output_that_is_stopped():
    """Ctrl-S: what is written waits, and the signal must not."""
    with Terminal("stale_link") as t:
        t.wait_for(DRAWN)
        t.key(b"\x13?")
        t.process.send_signal(signal.SIGTERM)
        status = t.wait()
        check("after Ctrl-S: SIGTERM ends it, and all is as it was", status == -signal.SIGTERM and not t.faults(),
              f"status {status}, not so: {t.faults()}")


def wider_than_ncurses_can_count():
    """SIGWINCH: a terminal of any size, and back."""
    for size in ((40000, 24), (80, 40000), (65535, 65535)):
        with Terminal("stale_link") as t:
            t.wait_for(DRAWN)
            # The title has moved when the window is drawn anew; 2000 columns of it have.
            t.sent = b""
            t.resize(*size)
            t.wait_for(b"stale_link")
            t.resize(80, 24)
            t.key(b"?")
            drawn = t.wait_for(b"page 1 of")
            t.key(b"qq")
            check(f"a terminal of {size[0]}x{size[1]} ends nothing", t.wait() == 0 and drawn and not t.faults(), t.faults())


def main():
    need_g0scope()
    while_it_waits()
    with tempfile.TemporaryDirectory() as work:
        program = compiled(work)
        if check("a program that spins compiles", program):
            while_it_steps(program)
    twice()
    at_the_start_and_the_end()
    what_is_switched_off_stays_off()
    stopped_and_continued()
    output_that_is_stopped()
    wider_than_ncurses_can_count()
    finish()


main()
