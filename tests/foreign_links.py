# SPDX-License-Identifier: MIT
"""foreign_links.py <DUMP: finds each foreign link in what `g0scope dump --json --words` says, and whether that says so of the same.

A frame pointer is the address of two words: the caller's frame pointer, and where it returns to. It is followed from each M's register
on, as a profiler would. If it leads into another stack, and that is another M's, the words there may change at any time.
"""
import json
import sys

found = wrong = 0


def stack(step, address):
    """Its lowest address and its M: a g0 is its M's, a G's stack that of the M that runs the G."""
    stacks = [(m["g0"]["lo"], m["g0"]["hi"], m["id"]) for m in step["ms"]] + [(g["lo"], g["hi"], g["m"]) for g in step["gs"]]
    return next(((lo, m) for lo, hi, m in stacks if int(lo, 16) <= address < int(hi, 16)), (None, None))


def foreign(step, words, m):
    fp = int(m["fp"], 16)
    while fp in words:
        (here, _), (there, other) = stack(step, fp), stack(step, words[fp])
        if there != here and other not in (None, m["id"]):
            yield hex(fp)
        if there == here and words[fp] <= fp:
            return
        fp = words[fp]


for line in sys.stdin:
    step = json.loads(line)
    words = {int(s["lo"], 16) + 8 * i: int(word, 16) for s in step["words"].values() for i, word in enumerate(s["hex"])}
    for m in step["ms"]:
        mine, said = list(foreign(step, words, m)), [record["fp"] for record in m["chain"] if record["link"] == "foreign"]
        found += len(mine)
        if mine != said or mine and m["verdict"] == "VALID":
            wrong += 1
            print(f"step {step['step']}: M{m['id']}, {m['verdict']}, has foreign links at {mine}, and is said to have {said}")
print(f"{found} foreign links, {wrong} Ms of which something else is said")
sys.exit(wrong != 0)
