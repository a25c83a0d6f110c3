/* SPDX-License-Identifier: MIT */
/* A thread of the stepped process, as it is known, and its registers. */
#include <assert.h>
#include <string.h>

#include "ptrace_parts.h"
#include "ptrace_procfs.h"
#include "model/xalloc.h"

void thread_map_registers(struct process *p)
{
	const struct arch_desc *arch = p->machine.arch;
	enum { TABLE = sizeof machine_reg_table / sizeof *machine_reg_table };
	for (int i = 0; i < arch->nregs; i++) {
		int j = 0;
		while (j < TABLE && strcmp(arch->regs[i], machine_reg_table[j].name) != 0)
			j++;
		assert(j < TABLE); /* it would be shown as another one */
		p->offset[i] = machine_reg_table[j].offset;
	}
}

static void export_registers(const struct process *p, struct tracee *t)
{
	for (int i = 0; i < p->machine.arch->nregs; i++)
		memcpy(&t->thread.regs[i], (const char *)&t->raw + p->offset[i],
			sizeof t->thread.regs[i]);
}

void thread_fetch(const struct process *p, struct tracee *t)
{
	machine_get_regs(t->tid, &t->raw);
	if (t->flag_is_ours && machine_traps_itself(&t->raw)) {
		machine_trap_no_more(&t->raw);
		machine_set_regs(t->tid, &t->raw);
	}
	export_registers(p, t);
}

void thread_put(const struct process *p, struct tracee *t)
{
	machine_set_regs(t->tid, &t->raw);
	export_registers(p, t);
}

struct tracee *thread_add(struct process *p, int tid)
{
	struct tracee *t = xcalloc(1, sizeof *t);
	*t = (struct tracee){.tid = tid, .stat_fd = procfs_open_state(p->pid, tid)};
	machine_add_thread(&p->machine, &t->thread);
	return t;
}
