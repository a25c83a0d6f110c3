/* SPDX-License-Identifier: MIT */
/* One instruction: what it may write, and what it must not see of being stepped. */
#include <assert.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ptrace_parts.h"
#include "ptrace_trap.h"

/* ---- what it may write ---- */

/* System calls that write nothing to the program's memory, or nothing that anybody looks at. */
static bool writes_memory(long syscall)
{
	switch (syscall) {
	case SYS_futex:
	case SYS_write:
	case SYS_gettid:
	case SYS_sched_yield:
	case SYS_mprotect:
	case SYS_exit:
	case SYS_exit_group: return false;
	default: return true;
	}
}

/* Note what it names, as it is before it is executed. */
static void note_writes(struct process *p, const struct tracee *t, const struct insn *in)
{
	for (int i = 0; i < in->nmem; i++)
		machine_wrote(&p->machine,
			insn_address(&in->mem[i], t->thread.regs) +
				machine_segment(&t->raw, in->mem[i].segment),
			in->mem[i].size, false);
	if (in->opaque)
		machine_wrote_to(&p->machine, TO_ANY_MEMORY);
	else if (in->flow == FLOW_SYSCALL && writes_memory(machine_syscall(&t->raw)))
		machine_wrote_to(&p->machine, TO_USED);
}

/* And what it has put on the stack, where SP was at `sp`. */
static void note_pushes(
	struct process *p, const struct tracee *t, const struct insn *in, uint64_t sp)
{
	enum { PUSHED_MAX = 64 };
	uint64_t now = machine_sp(&t->raw);
	if (now < sp)
		machine_wrote(&p->machine, now, PUSHED_MAX, false);
	if (in->pushes)
		machine_wrote(&p->machine, now, in->pushes, true);
}

/* ---- what it saw of being stepped ---- */

/* Whether the flags that the next instruction takes from the stack have a trap flag in them. */
static bool pops_trap_flag(const struct process *p, const struct tracee *t, const struct insn *in)
{
	uint8_t byte = 0;
	uint64_t at = machine_sp(&t->raw) + (uint64_t)in->pops_flags + MACHINE_PUSHED_FLAG_BYTE;
	return in->pops_flags >= 0 && pread(p->mem_fd, &byte, 1, (off_t)at) == 1 &&
	       (byte & MACHINE_PUSHED_FLAG);
}

/*
 * Single-stepping sets the trap flag. pushf has copied it, as the system call does: it is taken out
 * of the copy. And from popf on the kernel takes it for the program's own.
 */
static void hide_trap_flag(struct process *p, struct tracee *t, const struct insn *in, bool popped)
{
	if (in->pops_flags >= 0)
		t->flag_is_ours = !popped;
	/* Where that fails the process is gone; waiting for it will show that. */
	if (in->pushes_flags)
		trap_hide_flag(p, machine_sp(&t->raw));
}

/* ---- executing it ---- */

/* Up to a breakpoint behind the sequence, or where it leads out. */
static void run_sequence(struct process *p, struct tracee *t, const struct insn_whole *w)
{
	t->goal = GOAL_WHOLE;
	t->place[0] = w->end;
	t->place[1] = w->out;
	breaks_insert(&p->breaks, w->end);
	breaks_insert(&p->breaks, w->out);
	thread_step(p, t, false);
}

static bool has_failed(const struct tracee *t, const struct insn_whole *w)
{
	return t->thread.state == HELD && machine_pc(&t->raw) == w->end && w->failed >= 0 &&
	       (uint32_t)t->thread.regs[w->failed] != 0;
}

/*
 * The kernel itself may have come between: an interrupt, or a page that had to be brought. Nothing
 * has been written then, so it is executed anew. What fails each time fails by itself.
 */
static void step_sequence(struct process *p, struct tracee *t, const struct insn_whole *w)
{
	enum { TRIES = 20 };
	machine_regs before = t->raw;
	run_sequence(p, t, w);
	for (int i = 1; i < TRIES && has_failed(t, w); i++) {
		t->raw = before;
		thread_put(p, t);
		run_sequence(p, t, w);
	}
}

void process_step(struct machine *m, struct thread *thread, const struct insn *in)
{
	struct process *p = process_of(m);
	struct tracee *t = tracee_of(thread);
	assert(thread->state == HELD);
	uint64_t sp = machine_sp(&t->raw);
	bool traps_itself = machine_traps_itself(&t->raw), pops = pops_trap_flag(p, t, in);
	note_writes(p, t, in);
	t->late = 0;
	t->flag_copied = in->saves_flags && !traps_itself;
	if (in->whole.end)
		step_sequence(p, t, &in->whole);
	else
		thread_step(p, t, in->flow == FLOW_SYSCALL);
	if (!traps_itself && thread->state == HELD)
		hide_trap_flag(p, t, in, pops);
	note_pushes(p, t, in, sp);
}
