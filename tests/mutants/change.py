# SPDX-License-Identifier: MIT
"""What may be wrong in a source file: every mutant of it, each one small change, as edits of its text."""
import re
from collections import namedtuple

# edits: (from, to, text) in order, not overlapping. old, new: the line of the first one, as is shown.
Mutant = namedtuple("Mutant", "path line old new edits")

SWAPS = {
    " < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == ",
    " && ": " || ", " || ": " && ", " + ": " - ", " - ": " + ", " += ": " -= ", " -= ": " += ",
    "++": "--", "--": "++",
}  # fmt: skip
SWAP = re.compile("|".join(re.escape(s) for s in sorted(SWAPS, key=len, reverse=True)))
BOOL = re.compile(r"\b(?:true|false)\b")
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
EITHER_OR = re.compile(r"[^&|<>]* [=!]= [^&|<>]*")  # its opposite is a swap
CONDITION = re.compile(r"\b(?:if|while) (\()")
PLACE = r"\*?\(?[A-Za-z_]\w*(?:(?:->|\.)\w+|\[[^\]]*\]|\))*"
STATEMENT = re.compile(rf"^\t+((?:{PLACE}(?: [-+*/|&^]?= .*|\+\+|--)|(?:\(void\))?(?!_Static)[A-Za-z]\w*\(.*\));)$", re.M)
# What no test of this layer can see: comments, text, the preprocessor's lines, and assertions, which hold.
UNSEEN = re.compile(r"\bassert\([^;]*\);|/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|^#(?:\\\n|[^\n])*", re.S | re.M)
BODY = re.compile(r"^\{\n.*?^\}", re.S | re.M)

# In assembly each instruction is dropped, and each of its operands changed: the register to one that nobody uses, the
# offset to its neighbour.
INSTRUCTION = re.compile(r"^(?:\w+:)?\t([a-z][\w.]*(?:\t[^\n]*?)?|TLS_BASE\(\w+\))[ \t]*$", re.M)
OPERAND = re.compile(r"%r\w+|%[a-d]x\b|%e\w+|\b[xd]\d+\b|\bsp\b|\bxzr\b|-?\b\d+(?=\()|[$#]-?\d+\b|\b[GM](?:OBUF)?_[A-Z0-9_]+\b")
NEIGHBOUR = {
    "G_SCHED_SP": "G_SCHED_PC", "G_SCHED_PC": "G_SCHED_BP", "G_SCHED_BP": "G_SCHED_SP", "GOBUF_SP": "GOBUF_PC",
    "GOBUF_PC": "GOBUF_BP", "GOBUF_BP": "GOBUF_SP", "GOBUF_G": "GOBUF_BP", "G_M": "G_STARTARG", "G_STARTFN": "G_STARTARG",
    "G_STARTARG": "G_STARTFN", "M_G0": "M_CURG", "M_CURG": "M_G0",
}  # fmt: skip
OPPOSITE = {"je": "jne", "b.eq": "b.ne"}


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def tidy(line):
    return re.sub(r"\s+", " ", line).strip()


def mutant(path, text, seen, edits):
    """The line as it is seen, before and after those of the edits that are on it."""
    start = text.rfind("\n", 0, edits[0][0]) + 1
    end = text.find("\n", start)
    new = seen[start:end]
    for a, b, by in reversed([e for e in edits if e[1] <= end]):
        new = new[: a - start] + by + new[b - start :]
    # A string is not changed, but tells lines apart.
    return Mutant(path, text.count("\n", 0, start) + 1, tidy(seen[start:end]), tidy(new) or "(dropped)", edits)


def closing(text, opening):
    depth = 0
    for i in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i


def of_c(path, text):
    code = UNSEEN.sub(blank, text)
    shown = re.sub(r"/\*.*?\*/", blank, text, flags=re.S)
    for body in BODY.finditer(code):
        a, b = body.span()
        edits = []
        for m in SWAP.finditer(code, a, b):
            edits.append([(*m.span(), SWAPS[m.group()])])
        for m in BOOL.finditer(code, a, b):
            edits.append([(*m.span(), "false" if m.group() == "true" else "true")])
        for m in NUMBER.finditer(code, a, b):
            edits += [[(*m.span(), str(n))] for n in (int(m.group()) + 1, int(m.group()) - 1) if n >= 0]
        for m in CONDITION.finditer(code, a, b):
            end = closing(code, m.start(1))
            if not EITHER_OR.fullmatch(code, m.end(1), end):
                edits.append([(m.end(1), m.end(1), "!("), (end, end, ")")])
        for m in STATEMENT.finditer(code, a, b):
            edits.append([(*m.span(1), ";")])
        for e in edits:
            yield mutant(path, text, shown, e)


def changed(operand):
    """Another operand in its place, or None."""
    if operand in NEIGHBOUR:
        return NEIGHBOUR[operand]
    if re.fullmatch(r"-?\d+", operand):
        return str(int(operand) + 8)
    if operand[0] in "$#":
        return operand[0] + str(int(operand[1:]) + 8)
    if operand[0] == "%":
        return "%r11" if operand[1] == "r" else "%r11d" if operand[1] == "e" else None
    return "d20" if operand[0] == "d" else "x15"


def of_assembly(path, text):
    code = UNSEEN.sub(blank, text)
    for m in INSTRUCTION.finditer(code):
        name = m.group(1).split("\t")[0]
        edits = [[(*m.span(1), "")]]
        if name in OPPOSITE:
            edits.append([(m.start(1), m.start(1) + len(name), OPPOSITE[name])])
        for o in OPERAND.finditer(code, *m.span(1)):
            if changed(o.group()) is not None:
                edits.append([(*o.span(), changed(o.group()))])
        for e in edits:
            yield mutant(path, text, code, e)


def of_file(path, text):
    return list((of_assembly if path.endswith(".S") else of_c)(path, text))
