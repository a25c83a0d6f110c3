/* SPDX-License-Identifier: MIT */
#include "live_process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live_procfs.h"
#include "live_start.h"
#include "model/xalloc.h"

/* How long a thread that sleeps, but not on a futex, is given to wake up by itself. */
#define PATIENCE_NS 250000000

/* ---- registers ---- */

/* Where each register of arch_desc lies in machine_regs. */
static void map_registers(struct process *p)
{
	const struct arch_desc *arch = arch_by_name(MACHINE_NAME);
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

static void fetch_registers(const struct process *p, struct thread *t)
{
	machine_get_regs(t->tid, &t->raw);
	export_registers(p, t);
}

static void put_pc(const struct process *p, struct thread *t, uint64_t pc)
{
	machine_set_pc(&t->raw, pc);
	machine_set_regs(t->tid, &t->raw);
	export_registers(p, t);
}

/* ---- breakpoints: one for each goal that is an address ---- */

static struct breakpoint *break_at(struct process *p, uint64_t addr)
{
	for (size_t i = 0; i < p->nbreaks; i++)
		if (p->breaks[i].addr == addr)
			return &p->breaks[i];
	return NULL;
}

static void poke(const struct process *p, uint64_t addr, const uint8_t *bytes)
{
	if (pwrite(p->mem_fd, bytes, sizeof machine_breakpoint, (off_t)addr) < 0)
		return; /* the process is gone; waiting for it will show that */
}

static void break_insert(struct process *p, uint64_t addr)
{
	if (addr == 0 || addr == NOWHERE || break_at(p, addr))
		return;
	p->breaks = xgrow(p->breaks, &p->breaks_cap, p->nbreaks + 1, sizeof *p->breaks);
	struct breakpoint *b = &p->breaks[p->nbreaks++];
	b->addr = addr;
	if (pread(p->mem_fd, b->was, sizeof b->was, (off_t)addr) != (ssize_t)sizeof b->was)
		p->nbreaks--;
	else
		poke(p, addr, machine_breakpoint);
}

/* Unless another thread is still on its way there. */
static void break_remove(struct process *p, uint64_t addr)
{
	for (size_t i = 0; i < p->nthreads; i++) {
		const struct thread *t = p->threads[i];
		if ((t->goal == addr || t->goal_too == addr) && t->state != GONE)
			return;
	}
	struct breakpoint *b = break_at(p, addr);
	if (!b)
		return;
	poke(p, addr, b->was);
	*b = p->breaks[--p->nbreaks];
}

/* ---- threads ---- */

static struct thread *thread_add(struct process *p, int tid)
{
	struct thread *t = xcalloc(1, sizeof *t);
	*t = (struct thread){.tid = tid, .m = -1, .stat_fd = procfs_open_state(p->pid, tid)};
	p->threads = xgrow(p->threads, &p->threads_cap, p->nthreads + 1, sizeof *p->threads);
	p->threads[p->nthreads++] = t;
	return t;
}

struct thread *process_thread_of(const struct process *p, int m)
{
	for (size_t i = 0; i < p->nthreads; i++)
		if (p->threads[i]->m == m)
			return p->threads[i];
	return NULL;
}

/*
 * Whether the process is over, now that one of its threads has ended. If all were ended at
 * once, the others are on their way out: none is held, or asleep, or will be in a moment.
 */
static bool none_left(const struct process *p)
{
	for (size_t i = 0; i < p->nthreads; i++) {
		const struct thread *t = p->threads[i];
		char state = t->state == GONE ? 'X' : procfs_state(t->stat_fd);
		for (int tries = 0; state == 'R' && tries < 10000; tries++) {
			sched_yield();
			state = procfs_state(t->stat_fd);
		}
		if (state != 'Z' && state != 'X')
			return false;
	}
	return true;
}

/* Wait for a thread to stop or end; false: there is no such thread. */
static bool wait_for(const struct thread *t, int *status)
{
	int got;
	do
		got = waitpid(t->tid, status, __WALL);
	while (got < 0 && errno == EINTR);
	return got == t->tid;
}

/*
 * Threads that have ended or been killed, from the last down to this one: collect them. The
 * kernel wants the first last.
 */
static void reap_down_to(struct process *p, size_t first)
{
	int status;
	for (size_t i = p->nthreads; i-- > first;) {
		struct thread *t = p->threads[i];
		while (t->state != GONE && wait_for(t, &status) && WIFSTOPPED(status))
			ptrace(PTRACE_CONT, t->tid, NULL, NULL);
		t->state = GONE;
	}
}

/*
 * A thread has ended, with this wait status; and the process with it, if it was the last or
 * all were ended at once.
 */
static void bury(struct process *p, struct thread *t, int status)
{
	t->state = GONE;
	break_remove(p, t->goal);
	break_remove(p, t->goal_too);
	p->over = WIFSIGNALED(status) || none_left(p);
	if (!p->over)
		return;
	p->status = status;
	reap_down_to(p, 0);
	process_drain(p);
}

/* ---- output ---- */

void process_drain(struct process *p)
{
	for (;;) {
		p->output = xgrow(p->output, &p->output_cap, p->noutput + 4096, 1);
		ssize_t n = read(p->output_fd, p->output + p->noutput, p->output_cap - p->noutput);
		if (n <= 0)
			return;
		p->noutput += (size_t)n;
	}
}

void process_forget_output(struct process *p)
{
	p->noutput = 0;
}

/* ---- going and waiting ---- */

/* On towards its goal; off a breakpoint, which is lifted for that, by one instruction first. */
static void set_going(struct process *p, struct thread *t)
{
	intptr_t signal = t->signal;
	const struct breakpoint *b = p->nbreaks ? break_at(p, machine_pc(&t->raw)) : NULL;
	t->signal = 0;
	t->lifted = b ? b->addr : 0;
	if (b)
		poke(p, b->addr, b->was);
	ptrace(t->goal && !b ? PTRACE_CONT : PTRACE_SINGLESTEP, t->tid, NULL, (void *)signal);
}

static int64_t now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/*
 * Whether a thread that has not stopped yet has gone to sleep instead. One that does not
 * sleep for good is given time since *since (0: from now on); one that waits for us to read
 * its output is not asleep.
 */
static bool gone_to_sleep(struct process *p, struct thread *t, int64_t *since)
{
	bool sleeps = procfs_state(t->stat_fd) == 'S';
	size_t before = p->noutput;
	process_drain(p);
	if (!sleeps || p->noutput != before)
		return false;
	t->restless = !procfs_sleeps_for_good(p->pid, t->tid);
	*since = *since ? *since : now_ns();
	return !t->restless || now_ns() - *since > PATIENCE_NS;
}

/*
 * Wait for a thread to stop or end; false: it sleeps instead, if it may. As it runs on our
 * CPU it gets on whenever we yield, and its state then says for certain what became of it.
 */
static bool await(struct process *p, struct thread *t, bool sleeps, int *status)
{
	enum { SOON = 4 }; /* turns that an instruction takes at most, but for one that ends it */
	int64_t since = 0;
	for (int tries = 0;; tries++) {
		/* It executes while we yield: only afterwards is there anything to collect. */
		if (!sleeps && tries < SOON)
			sched_yield();
		int got = waitpid(t->tid, status, __WALL | WNOHANG);
		if (got == t->tid || (got < 0 && errno != EINTR))
			return true;
		if (!sleeps && tries < SOON)
			continue;
		/*
		 * The end of the first thread is reported when all others have been
		 * collected.
		 */
		if (t->tid == p->pid && procfs_state(t->stat_fd) == 'Z') {
			if (!none_left(p))
				return true;
			reap_down_to(p, 1);
		}
		if (sleeps && gone_to_sleep(p, t, &since))
			return false;
		if (tries < 1000)
			sched_yield();
		else
			usleep(100);
	}
}

/* A thread has made another: hold it where it begins. */
static void add_clone(struct process *p, const struct thread *parent)
{
	unsigned long tid = 0;
	int status;
	if (ptrace(PTRACE_GETEVENTMSG, parent->tid, NULL, &tid) != 0)
		return;
	struct thread *t = thread_add(p, (int)tid);
	if (wait_for(t, &status))
		fetch_registers(p, t);
}

/* A trap: the goal, a breakpoint on the way, or no affair of ours. Whether it is the goal. */
static bool trapped_at_goal(struct process *p, struct thread *t)
{
	fetch_registers(p, t);
	if (!t->goal)
		return true;
	uint64_t pc = machine_pc(&t->raw);
	if (!t->lifted) {
		pc -= MACHINE_BREAKPOINT_PASSES;
		if (!break_at(p, pc))
			return false;
		put_pc(p, t, pc);
	}
	return (pc == t->goal || pc == t->goal_too) && machine_sp(&t->raw) >= t->goal_sp;
}

/* A thread has stopped: whether it is at its goal. If not, it has to be set going again. */
static bool stopped_at_goal(struct process *p, struct thread *t, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;
	if (event == 0 && signal == SIGTRAP)
		return trapped_at_goal(p, t);
	fetch_registers(p, t);
	if (event == PTRACE_EVENT_CLONE)
		add_clone(p, t);
	if (event == PTRACE_EVENT_EXEC) {
		p->replaced = true;
		kill(p->pid, SIGKILL);
	}
	if (event == 0) {
		ptrace(PTRACE_GETSIGINFO, t->tid, NULL, &p->last_signal);
		p->last_signalled = t;
		p->disturbed = true;
		t->signal = signal;
	}
	return false;
}

/* A thread is at its goal. */
static void arrive(struct process *p, struct thread *t)
{
	uint64_t goal = t->goal, too = t->goal_too;
	t->state = HELD;
	t->goal = t->goal_too = 0;
	break_remove(p, goal);
	break_remove(p, too);
}

/* Wait until a thread that was set going is at its goal, asleep (if it may be), or gone. */
static void pursue(struct process *p, struct thread *t, bool sleeps)
{
	for (;;) {
		int status = 0;
		bool awake = await(p, t, sleeps, &status);
		if (t->lifted)
			poke(p, t->lifted, machine_breakpoint);
		if (!awake) {
			t->lifted = 0;
			t->state = ASLEEP;
			return;
		}
		if (!WIFSTOPPED(status)) {
			bury(p, t, status);
			return;
		}
		if (stopped_at_goal(p, t, status)) {
			arrive(p, t);
			return;
		}
		set_going(p, t);
	}
}

void process_step(struct process *p, struct thread *t, bool sleeps)
{
	set_going(p, t);
	pursue(p, t, sleeps);
}

void process_run_to(struct process *p, struct thread *t, uint64_t addr, uint64_t sp)
{
	t->goal = addr ? addr : NOWHERE;
	t->goal_sp = sp;
	break_insert(p, t->goal);
	set_going(p, t);
	pursue(p, t, true);
}

void process_run_to_either(struct process *p, struct thread *t, uint64_t a, uint64_t b)
{
	t->goal_too = b;
	break_insert(p, b);
	process_run_to(p, t, a, 0);
}

bool process_collect(struct process *p)
{
	bool any = false;
	for (size_t i = 0; i < p->nthreads && !p->over; i++) {
		struct thread *t = p->threads[i];
		if (t->state != ASLEEP || procfs_state(t->stat_fd) == 'S')
			continue;
		pursue(p, t, true);
		any |= t->state != ASLEEP;
	}
	return any;
}

void process_wait(struct process *p, struct thread *t)
{
	pursue(p, t, true);
}

/* ---- begin and end ---- */

bool process_start(struct process *p, const struct run_options *o, char *err, size_t nerr)
{
	char path[64];
	*p = (struct process){.mem_fd = -1, .output_fd = -1};
	map_registers(p);
	cpu_pin();
	p->pid = start_traced(o, &p->output_fd, err, nerr);
	if (p->pid < 0)
		return false;
	snprintf(path, sizeof path, "/proc/%d/mem", p->pid);
	p->mem_fd = open(path, O_RDWR | O_CLOEXEC);
	if (p->mem_fd < 0) {
		snprintf(err, nerr, "cannot read the memory of %s (%s: %s); is /proc mounted?",
			o->program, path, strerror(errno));
		return false;
	}
	fetch_registers(p, thread_add(p, p->pid));
	return true;
}

void process_close(struct process *p)
{
	if (p->pid == 0)
		return;
	if (p->pid > 0 && !p->over) {
		kill(p->pid, SIGKILL);
		reap_down_to(p, 0);
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
	free(p->breaks);
	free(p->output);
	cpu_unpin();
}
