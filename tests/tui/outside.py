#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""outside.py [O]: a program whose name, functions, file and output have any bytes, on the screen, as text and in JSON.

What a screen is sent is UTF-8, and of what steers it only what the screen itself is drawn by; JSON is read by Python's
parser, and loses nothing. Exit status: 0 all is as it should be, 1 not, 77 it cannot look here.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

from pty_terminal import G0SCOPE, O, ROOT, Terminal, check, finish, need_g0scope

SOURCE = r"""
#include <unistd.h>
#include "g0.h"
#line 1 "file_of_bytes.c"
__attribute__((noinline)) static void function_of_bytes(void)
{
	static const char said[] = "\033]0;title\a\033[2J\n\377\302\233[31m\342\200\256back\n";
	if (write(1, said, sizeof said - 1) < 0 || write(1, "\346\227", 2) < 0 || write(1, "\245\n", 2) < 0)
		_exit(1);
	gosched();
}

void go_main(void)
{
	function_of_bytes();
}
"""
SAID = b"\033]0;title\a\033[2J\n\377\302\233[31m\342\200\256back\n\346\227\245\n"
# As many bytes as the name in the source has.
FUNCTION = b"\033]0;f\a\033[2J\xff\xe2\x80\xae\n"
FILE = b"\033]0;g\a\377\xe2\x80\xaf\xe2\x80\xae.c"
# What ncurses draws with: cursor, colours, modes, character sets.
DRAWING = re.compile("\033(\\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>78M])|[\r\n\b\x0e\x0f]")


def build(folder):
    """The program, by the name that it is to be called; None, having said why, if it cannot be made."""
    path = os.path.join(folder, "p.c")
    with open(path, "w", encoding="ascii") as f:
        f.write(SOURCE)
    cc = os.environ.get("CC", "cc").split()
    flags = ["-g", "-O0", "-static", "-no-pie", "-fno-pie", "-fcf-protection=none", "-fno-omit-frame-pointer", "-pthread"]
    made = subprocess.run([*cc, *flags, f"-I{ROOT}/src", f"-I{ROOT}/arch/amd64", "-o", f"{folder}/p", path, f"{O}/libg0.a"],
                          capture_output=True, check=False)
    if not check("the program compiles", made.returncode == 0, made.stderr.decode(errors="replace")):
        return None
    with open(f"{folder}/p", "rb") as f:
        program = f.read()
    for name, by in ((b"function_of_bytes", FUNCTION), (b"file_of_bytes.c", FILE)):
        program = program.replace(name, (by + b"_" * len(name))[:len(name)])
    path = os.fsencode(folder) + b"/\033]0;p\a\n\xff\xe2\x80\xae"
    with open(path, "wb") as f:
        f.write(program)
    os.chmod(path, 0o755)
    return path


def steers(text, drawing=False):
    """What of a text would steer a terminal, hide, or turn it around; of a drawn one beyond what drawing needs."""
    rest = DRAWING.sub("", text) if drawing else text.replace("\n", "")
    return [f"U+{ord(c):04X}" for c in rest if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]


def utf8(sent):
    """Bytes as text; None: they are none."""
    try:
        return sent.decode("utf-8")
    except UnicodeDecodeError:
        return None


def screen(recording, step, locale):
    """Everything that is sent while the steps from that one on are looked at."""
    with Terminal(recording, f"--step={step}", size=(118, 38), LC_ALL=locale) as t:
        t.wait_for(b"step ")
        keys = {b"eeee": b"step", b"nnnnnnnnnnnn": b"step", b"\033[F": b"step", b"o": b"back", b"oo": b"step"}
        for key, words in keys.items():
            t.key(key)
            t.wait_for(words)
            t.read(0.2)
        t.key(b"q")
        t.wait()
        return t.sent


def look_at_screens(recording):
    name = FUNCTION.decode("utf-8", "replace")[:8]
    inside = next((i for i, step in enumerate(steps_of(recording)) if (step.get("sym") or "").startswith(name)), 0)
    check("JSON: the function's name is what it is", inside)
    for locale in ("C.UTF-8", "C"):
        sent = screen(recording, inside, locale)
        text = utf8(sent)
        if not check(f"{locale}: what the screen is sent is UTF-8", text is not None, sent[:2000]):
            continue
        check(f"{locale}: and nothing in it steers but what draws", not steers(text, True), steers(text, True))
        check(f"{locale}: the function's name is there", "\\x1b]0;f\\x07" in text)
        if locale == "C":
            check("C: it is ASCII", text.isascii(), [c for c in text if not c.isascii()][:20])


def run(*args):
    return subprocess.run([G0SCOPE, *args], capture_output=True, stdin=subprocess.DEVNULL, check=False,
                          env=os.environ | {"LC_ALL": "C.UTF-8"})


def look_at_pages(program, recording, last):
    for what, args in (("record", ("record", program, "-o", recording)), ("info", ("info", recording)),
                       ("a page", ("--view=text", recording)), ("a step's page", ("--view=text", "--step=300", recording)),
                       ("the last page", ("--view=text", f"--step={last}", recording))):
        done = run(*args)
        for where, sent in (("output", done.stdout), ("error", done.stderr)):
            text = utf8(sent)
            check(f"{what}: its {where} is UTF-8 in which nothing steers", text is not None and not steers(text),
                  text if text is None else steers(text))
        check(f"{what}: exits 0", done.returncode == 0, done.stderr)


def steps_of(recording):
    return [json.loads(line) for line in run("dump", "--json", recording).stdout.decode("utf-8").splitlines()]


def look_at_json(recording):
    sent = run("dump", "--json", recording).stdout.decode("utf-8", "surrogateescape")
    check("JSON: it is UTF-8 in which nothing steers", not steers(sent), steers(sent))
    output = b""
    for step in steps_of(recording):
        output += bytes.fromhex(step["output_hex"]) if "output_hex" in step else step.get("output", "").encode()
    check("JSON: no byte of the output is lost", output == SAID, output)


def main():
    need_g0scope()
    folder = tempfile.mkdtemp()
    try:
        program = build(folder)
        if program:
            recording = os.path.join(folder, "r.g0r")
            run("record", program, "-o", recording)
            look_at_pages(program, recording, len(steps_of(recording)) - 1)
            look_at_json(recording)
            look_at_screens(recording)
    finally:
        shutil.rmtree(folder)
    finish()


sys.dont_write_bytecode = True
main()
