# SPDX-License-Identifier: MIT
"""gdb commands for a program on the runtime, live or from a core file:

    info gs        the Gs; * before one that an M runs
    info ms        the Ms, and gdb's number of each one's thread
    g ID COMMAND   do COMMAND (bt, info locals …) on that G's stack; `all` for ID: on every G's

Every program that is linked with libg0.a has this text in it, and gdb offers to load it. Where
gdb asks for trust, it says how to give it: `add-auto-load-safe-path` and the program's directory.

Nothing is written into the program: while COMMAND runs, gdb is told that the frame of the current
thread was called by the frame in which the G has stopped.
"""
import re

import gdb
from gdb.unwinder import Unwinder, register_unwinder

REGISTERS = {"i386:x86-64": ("rip", "rsp", "rbp"), "aarch64": ("pc", "sp", "x29")}
OURS = re.compile(r"(^|/)(src|arch)/[^/]*(/[^/]*)?$")  # the runtime's own sources
DEAD = ("Gidle", "Gdead")


def value(name):
    return gdb.parse_and_eval(name)


def chain(first, link):
    while first:
        yield first.dereference()
        first = first[link]


def all_gs():
    for i in range(int(value("allglen"))):
        yield value("allgs")[i].dereference()


def all_ms():
    return sorted(chain(value("allm"), "alllink"), key=lambda m: int(m["id"]))


def status_of(g):
    number = int(g["atomicstatus"])
    for field in gdb.lookup_type("enum g_status").fields():
        if field.enumval == number:
            return field.name
    return f"status {number}"


def live_gs():
    return [g for g in all_gs() if status_of(g) not in DEAD]


def thread_of(m):
    """gdb's thread of an M; None while it has none yet."""
    for thread in gdb.selected_inferior().threads():
        if thread.ptid[1] == int(m["procid"]):
            return thread
    return None


def stack_pointer(frame):
    return int(frame.read_register("sp")) & (2**64 - 1)


def of_program(frame):
    """The first frame from there outward that is not the runtime's; None if there is none."""
    while frame is not None:
        table = frame.find_sal().symtab
        if table is not None and not OURS.search(table.filename):
            return frame
        frame = frame.older()
    return None


class Stopped(Unwinder):
    """While gobuf is set: the innermost frame of the current thread comes from there."""

    def __init__(self):
        super().__init__("g0")
        self.gobuf = None

    def __call__(self, pending):
        names = REGISTERS.get(pending.architecture().name())
        if self.gobuf is None or pending.level() != 0 or names is None:
            return None
        sp = self.gobuf["sp"]
        # Nearer to the top of memory is farther out, to gdb: so this frame lies below the G's.
        info = pending.create_unwind_info(Id(sp - 16, pending.read_register(names[0])))
        for name, field in zip(names, ("pc", "sp", "bp")):
            info.add_saved_register(name, self.gobuf[field])
        return info


class Id:
    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


stopped = Stopped()


class On:
    """with On(g) as frame: g's innermost frame outside of the runtime, if it has one, is selected."""

    def __init__(self, g):
        self.g = g

    def __enter__(self):
        self.thread, self.frame = gdb.selected_thread(), gdb.selected_frame()
        thread = thread_of(self.g["m"]) if self.g["m"] else None
        if thread is not None:
            thread.switch()
        frame = gdb.newest_frame()
        # Its M may be on g0, on its way to it or from it.
        if thread is None or not self.g["stack"]["lo"] <= stack_pointer(frame) < self.g["stack"]["hi"]:
            stopped.gobuf = self.g["sched"]
            gdb.invalidate_cached_frames()
            frame = gdb.newest_frame().older()
        frame = of_program(frame) or frame
        frame.select()
        return frame

    def __exit__(self, *_):
        if stopped.gobuf is not None:
            stopped.gobuf = None
            gdb.invalidate_cached_frames()
        self.thread.switch()
        if self.frame.is_valid():
            self.frame.select()


def where(g):
    """The innermost function that is not the runtime's; a G that has not begun: what it will run."""
    with On(g) as frame:
        if of_program(frame) is not None:
            return f"{frame.pc():#x} {frame.name()}"
    start = int(g["startfn"])
    block = gdb.block_for_pc(start)
    return f"{start:#x} {block.function if block else '?'}"


def need_program():
    if gdb.selected_thread() is None or not int(value("allglen")):
        raise gdb.GdbError("no Gs yet: the program has not begun")


class InfoGs(gdb.Command):
    """info gs: every G that is not dead: id, status, M, where it is, and what it waits for."""

    def __init__(self):
        super().__init__("info gs", gdb.COMMAND_STACK)

    def invoke(self, _argument, _from_tty):
        need_program()
        for g in live_gs():
            status, m = status_of(g), g["m"]
            star, on = ("*", f"M{int(m['id'])}") if m else (" ", "-")
            reason = f": {g['waitreason'].string()}" if status == "Gwaiting" and g["waitreason"] else ""
            print(f"{star} G{int(g['goid']):<5} {status[1:]:<9} {on:<4} {where(g)}{reason}")


class InfoMs(gdb.Command):
    """info ms: every M: id, its thread, its P, the G it runs, and where it is."""

    def __init__(self):
        super().__init__("info ms", gdb.COMMAND_STACK)

    def invoke(self, _argument, _from_tty):
        need_program()
        before = gdb.selected_thread(), gdb.selected_frame()
        for m in all_ms():
            thread = thread_of(m)
            at = "no thread yet"
            if thread is not None:
                thread.switch()
                frame = gdb.newest_frame()
                at = f"thread {thread.num} {frame.pc():#x} {frame.name()}"
            star = "*" if thread is not None and thread.num == before[0].num else " "
            p = f"P{int(m['p']['id'])}" if m["p"] else "-"
            g = f"G{int(m['curg']['goid'])}" if m["curg"] else "-"
            print(f"{star} M{int(m['id']):<4} {p:<5} {g:<7} {at}")
        before[0].switch()
        before[1].select()


class OnG(gdb.Command):
    """g ID COMMAND: do COMMAND on the stack of that G. g all COMMAND: on that of every G."""

    def __init__(self):
        super().__init__("g", gdb.COMMAND_STACK)

    def invoke(self, argument, _from_tty):
        need_program()
        words = argument.split(None, 1)
        if len(words) != 2 or not (words[0] == "all" or words[0].isdigit()):
            raise gdb.GdbError("use: g ID COMMAND, or g all COMMAND; `info gs` lists the ids")
        gs = [g for g in live_gs() if words[0] in ("all", str(int(g["goid"])))]
        if not gs:
            raise gdb.GdbError(f"no G{words[0]} lives; `info gs` lists those that do")
        for g in gs:
            if words[0] == "all":
                print(f"G{int(g['goid'])}, {status_of(g)[1:]}:")
            with On(g):
                said = gdb.execute(words[1], to_string=True)
                # A G that runs has the thread's frames.
                said = own_frames(said) if stopped.gobuf is not None else said
            print(said, end="")


def own_frames(said):
    """A backtrace without its frame 0, which is the thread's, and the rest counted from there."""
    frames = re.split(r"^(?=#\d+ )", said, flags=re.M)
    return "".join(re.sub(r"^#(\d+) {1,2}", recount, f) for f in frames if not f.startswith("#0 "))


def recount(number):
    return f"#{int(number[1]) - 1:<3}"


register_unwinder(None, stopped, replace=True)
InfoGs()
InfoMs()
OnG()
