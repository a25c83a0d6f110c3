/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ptrace.h"
#include "pin.h"
#include "ptrace_inherit.h"
#include "ptrace_parts.h"
#include "ptrace_start.h"
#include "ptrace_tick.h"
#include "model/say.h"
#include "model/xalloc.h"

static ssize_t process_read(const struct machine *m, uint64_t addr, void *to, size_t n)
{
	return pread(process_of(m)->mem_fd, to, n, (off_t)addr);
}

/* ---- begin and end ---- */

const char *ptrace_arch(void)
{
	return machine_arch;
}

static void process_close(struct machine *m)
{
	struct process *p = process_of(m);
	children_end(&p->children, &p->breaks);
	if (p->pid > 0 && m->ending.how == GOES_ON) {
		kill(p->pid, SIGKILL);
		threads_reap_down_to(p, 0);
		/* If it was not yet known as a thread. */
		waitpid(p->pid, NULL, __WALL);
	}
	for (size_t i = 0; i < m->nthreads; i++) {
		close(tracee(p, i)->stat_fd);
		free(m->threads[i]);
	}
	close(p->mem_fd);
	close(p->output_fd);
	breaks_free(&p->breaks);
	machine_free(m);
	free(p);
	cpu_unpin();
}

static const struct machine_ops process_ops = {
	.step = process_step,
	.run_to = process_run_to,
	.leave_library = process_leave_library,
	.collect = process_collect,
	.doze = process_doze,
	.preempt = process_preempt,
	.pass = process_pass,
	.sleeps = process_sleeps,
	.drain = process_drain,
	.read = process_read,
	.write = process_write,
	.close = process_close,
};

static struct process *process_new(const struct run_options *o, const struct image *image)
{
	struct process *p = xcalloc(1, sizeof *p);
	size_t ntext;
	const struct code_range *text = image_text(image, &ntext);
	*p = (struct process){.machine = {.ops = &process_ops, .arch = image_arch(image)},
		.mem_fd = -1,
		.output_fd = -1,
		.wait_s = o->wait_s,
		.hurry = o->hurry,
		.breaks = {.mem_fd = -1, .text = text, .ntext = ntext},
		.hidden.key = program_address(image_program(image), "tcache_key")};
	thread_map_registers(p);
	return p;
}

/* Held before the first instruction. */
static bool start(struct process *p, const struct run_options *o, int fd, bool *denied, char *err,
	size_t nerr)
{
	char path[64];
	p->pid = start_traced(o, fd, &p->output_fd, denied, err, nerr);
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
	struct tracee *t = thread_add(p, p->pid);
	t->began = true;
	thread_fetch(p, t);
	hide_begin(p);
	return true;
}

static void approach(struct process *p, uint64_t pc)
{
	enum { TRIES = 10 }; /* each of a second */
	struct tracee *t = tracee(p, 0);
	for (int i = 0; i < TRIES && t->thread.state == HELD && machine_pc(&t->raw) != pc; i++) {
		t->late = 0;
		process_run_to(&p->machine, &t->thread, pc, 0);
	}
	if (t->thread.state == HELD)
		hide_start(p, t);
}

struct machine *ptrace_open(const struct run_options *o, const struct image *image, uint64_t to,
	bool *denied, char *err, size_t nerr)
{
	struct process *p = process_new(o, image);
	struct machine *m = &p->machine;
	cpu_pin();
	tick_begin();
	if (!start(p, o, image_program(image)->fd, denied, err, nerr)) {
		process_close(m);
		return NULL;
	}
	approach(p, to);
	if (m->ending.how == GOES_ON)
		inherit_note(p->pid, o, m->note, sizeof m->note);
	return m;
}

int ptrace_pid(const struct machine *m)
{
	return process_of(m)->pid;
}
