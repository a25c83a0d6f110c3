/* SPDX-License-Identifier: MIT */
/* What comes over the stepped process from outside: a signal, time, a word of its memory. */
#include <unistd.h>

#include "ptrace_cpu.h"
#include "ptrace_parts.h"
#include "ptrace_procfs.h"
#include "ptrace_tick.h"

/*
 * The kernel hands a signal over before anything is executed, and stops the thread again where its
 * handler begins. Where it has to wait, or nothing is done by it, a step would be one more
 * instruction.
 */
void process_preempt(struct machine *m, struct thread *thread)
{
	enum { BIT = 1 << (SIGURG - 1), FRAME_MAX = 16384 };
	struct process *p = process_of(m);
	struct tracee *t = tracee_of(thread);
	struct procfs_signals has = procfs_signals(p->pid, t->tid);
	if (!(has.handled & BIT))
		return;
	tgkill(p->pid, t->tid, SIGURG);
	if (has.blocked & BIT)
		return;
	if (thread->state == HELD)
		thread_step(p, t, false);
	else
		process_collect(m);
	/* The frame for that, from SP on. */
	machine_wrote(m, machine_sp(&t->raw), FRAME_MAX, false);
}

void process_pass(struct machine *m, int64_t ns)
{
	enum { MOMENT_NS = 10 * 1000 * 1000 };
	const struct process *p = process_of(m);
	int64_t end = clock_ns(CLOCK_MONOTONIC) + ns, left;
	while ((left = end - clock_ns(CLOCK_MONOTONIC)) > 0 && !(p->hurry && *p->hurry))
		tick_doze(left < MOMENT_NS ? left : MOMENT_NS);
}

void process_write(struct machine *m, uint64_t addr, uint64_t word)
{
	if (pwrite(process_of(m)->mem_fd, &word, sizeof word, (off_t)addr) == sizeof word)
		machine_wrote(m, addr, sizeof word, true);
}
