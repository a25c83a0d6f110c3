# SPDX-License-Identifier: MIT
"""deny_ptrace.py COMMAND...: run it where ptrace is denied, as in a container. Exit status 77 where that cannot be done."""
import ctypes
import os
import struct
import sys

PTRACE = 101


def deny_ptrace():
    """From here on, in this process and in all that it starts."""
    set_no_new_privileges, set_filter, mode_filter = 38, 22, 2
    load_number, jump_if, answer, allow, eperm = 0x20, 0x15, 0x06, 0x7fff0000, 0x00050001
    rules = struct.pack("<" + "HBBI" * 4, load_number, 0, 0, 0, jump_if, 0, 1, PTRACE, answer, 0, 0, eperm, answer, 0, 0, allow)
    buffer = ctypes.create_string_buffer(rules)
    program = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", 4, ctypes.addressof(buffer)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(set_no_new_privileges, 1, 0, 0, 0) != 0 or prctl(set_filter, mode_filter, program, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no filter of system calls")


if __name__ == "__main__":
    try:
        deny_ptrace()
    except OSError as e:
        print(f"ptrace cannot be denied here: {e}")
        sys.exit(77)
    os.execvp(sys.argv[1], sys.argv[1:])
