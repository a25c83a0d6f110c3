/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ptrace_procfs.h"
#include "ptrace_cpu.h"
#include "ptrace_start.h"
#include "ptrace_parts.h"
#include "ptrace_tick.h"
#include "model/say.h"
#include "model/xalloc.h"

/* ---- registers ---- */

/* Where each register of arch_desc lies in machine_regs. */
static void map_registers(struct process *p, const struct arch_desc *arch)
{
	p->nregs = arch->nregs;
	for (int i = 0; i < arch->nregs; i++)
		for (size_t j = 0; j < sizeof machine_reg_table / sizeof *machine_reg_table; j++)
			if (strcmp(arch->regs[i], machine_reg_table[j].name) == 0)
				p->offset[i] = machine_reg_table[j].offset;
}

static void export_registers(const struct process *p, struct thread *t)
{
	for (int i = 0; i < p->nregs; i++)
		memcpy(&t->regs[i], (const char *)&t->raw + p->offset[i], sizeof t->regs[i]);
}

void thread_fetch(const struct process *p, struct thread *t)
{
	machine_get_regs(t->tid, &t->raw);
	if (t->flag_is_ours && machine_traps_itself(&t->raw)) {
		machine_trap_no_more(&t->raw);
		machine_set_regs(t->tid, &t->raw);
	}
	export_registers(p, t);
}

void process_put_registers(const struct process *p, struct thread *t)
{
	machine_set_regs(t->tid, &t->raw);
	export_registers(p, t);
}

/* ---- threads ---- */

struct thread *thread_add(struct process *p, int tid)
{
	struct thread *t = xcalloc(1, sizeof *t);
	*t = (struct thread){
		.tid = tid, .id = (int)p->nthreads, .stat_fd = procfs_open_state(p->pid, tid)};
	p->threads = xgrow(p->threads, &p->threads_cap, p->nthreads + 1, sizeof *p->threads);
	p->threads[p->nthreads++] = t;
	return t;
}

/* ---- begin and end ---- */

bool process_start(struct process *p, const struct run_options *o, int fd,
	const struct arch_desc *arch, const struct code_range *text, size_t ntext, char *err,
	size_t nerr)
{
	char path[64];
	*p = (struct process){.mem_fd = -1, .output_fd = -1};
	p->breaks = (struct breaks){.mem_fd = -1, .text = text, .ntext = ntext};
	map_registers(p, arch);
	cpu_pin();
	tick_begin();
	p->pid = start_traced(o, fd, &p->output_fd, err, nerr);
	if (p->pid < 0)
		return false;
	snprintf(path, sizeof path, "/proc/%d/mem", p->pid);
	p->mem_fd = open(path, O_RDWR | O_CLOEXEC);
	if (p->mem_fd < 0) {
		say(err, nerr, "cannot read the memory of %s (%s: %s); is /proc mounted?",
			o->program, path, strerror(errno));
		return false;
	}
	p->breaks.mem_fd = p->mem_fd;
	clock_getcpuclockid(p->pid, &p->clock);
	thread_fetch(p, thread_add(p, p->pid));
	hide_begin(p);
	return true;
}

void process_close(struct process *p)
{
	if (p->pid == 0)
		return;
	children_end(&p->children, &p->breaks);
	if (p->pid > 0 && !p->over) {
		kill(p->pid, SIGKILL);
		threads_reap_down_to(p, 0);
		/* If it was not yet known as a thread. */
		waitpid(p->pid, NULL, __WALL);
	}
	for (size_t i = 0; i < p->nthreads; i++) {
		close(p->threads[i]->stat_fd);
		free(p->threads[i]);
	}
	close(p->mem_fd);
	close(p->output_fd);
	free(p->threads);
	breaks_free(&p->breaks);
	free(p->output);
	cpu_unpin();
}
