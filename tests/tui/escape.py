#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""escape.py [O]: how long g0scope waits for the rest of a key's sequence after its ESC is for ESCDELAY to say.

Exit status: 0 all is as it should be, 1 not, 77 no g0scope here.
"""
import time

from pty_terminal import Terminal, check, finish, need_g0scope

DRAWN = b"step 0 of 0"


def main():
    need_g0scope()
    with Terminal("stale_link", ESCDELAY="60000") as t:
        t.wait_for(DRAWN)
        t.key(b"\033")
        time.sleep(0.2)  # a line as slow as that, or slower
        t.key(b"[24~")
        check("ESCDELAY=60000: a sequence may come in pieces", t.wait_for(b"F12 does nothing here"), t.sent[-200:])
    for delay in ("0", "", None):
        with Terminal("stale_link", **({} if delay is None else {"ESCDELAY": delay})) as t:
            t.wait_for(DRAWN)
            t.key(b"\033[24~")
            check(f"ESCDELAY={delay}: a sequence in one piece is a key", t.wait_for(b"F12 does nothing here"), t.sent[-200:])
            t.key(b"\033")
            check(f"ESCDELAY={delay}: Escape by itself is one too", t.wait_for(b"Escape does nothing here"), t.sent[-200:])
    finish()


main()
