# SPDX-License-Identifier: MIT
"""Imported by tests/*.py: a line for each thing that is looked at, as tap.sh has it for shells."""
passed = failed = 0


def check(what, holds, said=""):
    """Say whether it holds; if not, also the end of what was said."""
    global passed, failed
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    passed += bool(holds)
    failed += not holds
    if not holds:
        print("\n".join("# " + line[:400] for line in str(said).splitlines()[-40:]), flush=True)
    return holds
