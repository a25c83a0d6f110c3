/* SPDX-License-Identifier: MIT */
/*
 * The live stepper: real threads, one instruction at a time.
 *
 *   live ─▶ machine/ptrace  threads: held, asleep, gone
 *     ├───▶ live_wait       threads become Ms, wake up, are waited for
 *     ├───▶ image/image     what the file says of a pc
 *     ├───▶ memory          copies of stacks and structs; what a step wrote
 *     ├───▶ runtime_view    the runtime's structs as a snapshot ─▶ memory, src/runtime.h
 *     └───▶ live_event, live_end   what happened at a probe, and how the run ended
 *
 * A step is one instruction of one M, and the library code with it that it leads to, up to where
 * the M is in the program's own code again. Afterwards the memory that the instruction names is
 * compared with its copy; after a system call or a library call, all of it. Nothing else in the
 * program moves meanwhile, so the same schedule leads to the same states.
 */
#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "image/image.h"
#include "live_end.h"
#include "live_event.h"
#include "machine/ptrace_inherit.h"
#include "live_parts.h"
#include "machine/ptrace_sleep.h"
#include "runtime_view.h"
#include "model/event.h"
#include "model/say.h"
#include "model/xalloc.h"

/* ---- what a step may have written ---- */

/* System calls that write nothing that we hold a copy of. */
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

/* The places that an instruction names, as they are before it is executed. */
struct places {
	uint64_t sp;
	size_t pushes;
	int n;
	struct {
		uint64_t addr;
		size_t size;
	} place[INSN_NMEM_MAX];
};

static void note_places(struct places *to, const struct thread *t, const struct insn *in)
{
	to->sp = machine_sp(&t->raw);
	to->pushes = in->pushes;
	to->n = in->nmem;
	for (int i = 0; i < in->nmem; i++) {
		to->place[i].addr = insn_address(&in->mem[i], t->regs) +
				    machine_segment(&t->raw, in->mem[i].segment);
		to->place[i].size = in->mem[i].size;
	}
}

/* Find out what the step wrote. */
static void compare_memory(struct live *lv, const struct thread *t, const struct places *places)
{
	enum { PUSHED_MAX = 64 };
	uint64_t sp = machine_sp(&t->raw);
	if (lv->everything) {
		memory_touched_all(&lv->memory, sp, lv->anywhere);
	} else {
		for (int i = 0; i < places->n; i++)
			memory_touched(&lv->memory, places->place[i].addr, places->place[i].size);
		if (sp < places->sp)
			memory_touched(&lv->memory, sp, PUSHED_MAX);
		memory_pushed(&lv->memory, sp, places->pushes);
	}
	memory_end(&lv->memory);
}

/* ---- what an instruction saw of being stepped ---- */

/* Whether the flags that the next instruction takes from the stack have a trap flag in them. */
static bool pops_trap_flag(const struct live *lv, const struct thread *t, const struct insn *in)
{
	uint8_t byte = 0;
	uint64_t at = machine_sp(&t->raw) + (uint64_t)in->pops_flags + MACHINE_PUSHED_FLAG_BYTE;
	return memory_fetch(&lv->memory, at, &byte, 1) && (byte & MACHINE_PUSHED_FLAG);
}

/*
 * Single-stepping sets the trap flag. pushf and the system call have copied it: it is taken out of
 * the copy. And from popf on the kernel takes it for the program's own.
 */
static void hide_trap_flag(struct live *lv, struct thread *t, const struct insn *in, bool popped)
{
	uint64_t at = machine_sp(&t->raw) + MACHINE_PUSHED_FLAG_BYTE;
	uint8_t byte;
	if (in->saves_flags && machine_hide_trap_flag(&t->raw))
		process_put_registers(&lv->process, t);
	if (in->pops_flags >= 0)
		t->flag_is_ours = !popped;
	if (!in->pushes_flags || !memory_fetch(&lv->memory, at, &byte, 1))
		return;
	byte &= (uint8_t)~MACHINE_PUSHED_FLAG;
	memory_put(&lv->memory, at, &byte, 1);
}

/* ---- one step ---- */

/*
 * Execute one instruction of t, and the library code that it leads to, up to where t is in the
 * program's own again; from inside of it (it called back, or took too long) the rest of it.
 */
static void execute(struct live *lv, struct thread *t, const struct site *site)
{
	struct process *p = &lv->process;
	bool syscall = site->insn.flow == FLOW_SYSCALL && !site->library;
	bool traps_itself = machine_traps_itself(&t->raw);
	bool library = site->library;
	lv->anywhere = site->insn.opaque;
	lv->everything |= site->insn.opaque || library ||
			  (syscall && writes_memory(machine_syscall(&t->raw)));
	if (!library) {
		bool pops = site->insn.pops_flags >= 0 && pops_trap_flag(lv, t, &site->insn);
		t->late = 0;
		process_step(p, t, syscall);
		if (!traps_itself && t->state == HELD)
			hide_trap_flag(lv, t, &site->insn, pops);
	}
	if (in_library(lv, t)) {
		library = true;
		process_leave_library(p, t);
	}
	if (t->state == HELD && birth(lv, t))
		admit(lv, t, birth(lv, t));
	lv->everything |= library || p->disturbed;
	lv->moved |= t->state != HELD;
	p->disturbed = false;
	if (!syscall && !library)
		return;
	bring_threads(lv);
	collect(lv);
	process_drain(p);
}

/* ---- reporting ---- */

static void report_m(struct live *lv, struct snapshot *s, const struct thread *t)
{
	struct m_state *m = (struct m_state *)snap_m(s, m_of(lv, t));
	if (!m)
		return;
	/* So that the table knows of the pc, if only that it is in a library. */
	image_site(lv->image, machine_pc(&t->raw));
	memcpy(m->regs, t->regs, sizeof m->regs);
	m->asleep = t->state == ASLEEP;
	m->exited = t->state == GONE;
	if (lv->everything || lv->moved)
		image_callers(lv->image, s, m_of(lv, t));
}

/* Bring the snapshot up to date. */
static void update_state(struct live *lv, const struct thread *t)
{
	struct snapshot *s = runtime_view_snapshot(lv->state);
	if (lv->memory.state_changed || lv->moved)
		runtime_view_read(lv->state);
	else if (lv->memory.deeper)
		runtime_view_stacks(lv->state);
	report_m(lv, s, t);
	for (size_t i = 0; lv->moved && i < lv->process.nthreads; i++)
		report_m(lv, s, lv->process.threads[i]);
}

static void report(struct live *lv, const struct thread *t, uint64_t pc, struct step *out)
{
	struct snapshot *s = runtime_view_snapshot(lv->state);
	s->step++;
	s->last_m = m_of(lv, t);
	*out = (struct step){.m = s->last_m, .pc = pc, .state = s, .event.id = -1};
	out->nwrites = (int)lv->memory.nwrites;
	out->writes = lv->memory.writes;
	out->state_changed = lv->memory.state_changed || lv->moved;
	uint64_t now = machine_pc(&t->raw);
	const struct probe *probe = image_site(lv->image, now)->probe;
	if (probe && now != pc && t->state == HELD)
		event_read(&out->event, probe, t->regs, &lv->memory, image_table(lv->image));
}

/* Find out whether that was the end. */
static void see_end(struct live *lv)
{
	if (lv->moved || lv->process.over)
		lv->end = end_of(lv, lv->sentence, sizeof lv->sentence);
}

static bool any_restless(const struct process *p)
{
	for (size_t i = 0; i < p->nthreads; i++)
		if (p->threads[i]->state == ASLEEP && p->threads[i]->restless)
			return true;
	return false;
}

/* Whether M m can execute now; sleepers are given the chance to wake up. */
static enum step_result can_step(struct live *lv, int m)
{
	struct process *p = &lv->process;
	struct thread *t = thread_of(lv, m);
	if (lv->end != RUN_GOES_ON)
		return STEP_ENDED;
	if (any_restless(p) || (t && t->state == ASLEEP))
		look_about(lv);
	t = thread_of(lv, m);
	see_end(lv);
	if (p->over)
		return STEP_ENDED;
	if (!t || t->state == GONE)
		return STEP_NO_M;
	return t->state == ASLEEP ? STEP_ASLEEP : STEP_DONE;
}

/* One step of M m, which can execute. */
static void take_step(struct live *lv, int m, struct step *out)
{
	struct thread *t = thread_of(lv, m);
	struct places places;
	memory_begin(&lv->memory);
	const struct site *site = image_site(lv->image, machine_pc(&t->raw));
	note_places(&places, t, &site->insn);
	execute(lv, t, site);
	compare_memory(lv, t, &places);
	update_state(lv, t);
	report(lv, t, site->insn.pc, out);
	see_end(lv);
	lv->everything = lv->moved = false;
}

static enum step_result live_step(struct stepper *s, int m, struct step *out)
{
	struct live *lv = (struct live *)s;
	struct process *p = &lv->process;
	if (lv->told)
		process_forget_output(p);
	lv->told = true;
	enum step_result can = can_step(lv, m);
	if (can == STEP_DONE)
		take_step(lv, m, out);
	out->output = p->noutput ? p->output : NULL;
	out->noutput = p->noutput;
	return can;
}

/* ---- the rest of the interface ---- */

static int live_awake(struct stepper *s)
{
	struct live *lv = (struct live *)s;
	look_about(lv);
	process_drain(&lv->process);
	see_end(lv);
	for (size_t i = 0; i < lv->process.nthreads; i++) {
		const struct thread *t = lv->process.threads[i];
		if (t->state == HELD && m_of(lv, t) >= 0)
			return m_of(lv, t);
	}
	return -1;
}

static bool live_doze(struct stepper *s, int m, int64_t *since)
{
	const struct live *lv = (struct live *)s;
	const struct process *p = &lv->process;
	const struct thread *t = m < 0 ? NULL : thread_of(lv, m);
	return !p->over && (m < 0 || t) && wait_for_a_moment(p, t, lv->wait_s, since);
}

static char *live_sleeps(struct stepper *s, int m, char *buf, size_t n)
{
	const struct live *lv = (struct live *)s;
	const struct thread *t = thread_of(lv, m);
	*buf = '\0';
	if (t && t->stopped)
		snprintf(buf, n, "stopped by a signal, until SIGCONT comes");
	else if (t && t->state == ASLEEP)
		sleep_words(lv->process.pid, t->tid, buf, n);
	return buf;
}

static const struct snapshot *live_snapshot(struct stepper *s)
{
	return runtime_view_snapshot(((struct live *)s)->state);
}

static enum run_end live_end(struct stepper *s, const char **sentence)
{
	struct live *lv = (struct live *)s;
	*sentence = lv->sentence;
	return lv->end;
}

static void live_close(struct stepper *s)
{
	struct live *lv = (struct live *)s;
	process_close(&lv->process);
	if (lv->state)
		runtime_view_free(lv->state);
	memory_free(&lv->memory);
	free(lv->m_of);
	image_close(lv->image);
	free(lv);
}

static const struct stepper_ops live_ops = {
	.step = live_step,
	.awake = live_awake,
	.doze = live_doze,
	.sleeps = live_sleeps,
	.state = live_snapshot,
	.end = live_end,
	.close = live_close,
};

size_t live_shadow_errors(struct stepper *s)
{
	return memory_errors(&((struct live *)s)->memory);
}

int live_pid(const struct stepper *s)
{
	return ((const struct live *)s)->process.pid;
}

/* Run the program up to where M0 begins to schedule. */
static bool run_to_mstart(struct live *lv, const char *program, char *err, size_t nerr)
{
	enum { TRIES = 10 }; /* each of a second */
	struct process *p = &lv->process;
	struct thread *t = p->threads[0];
	p->hidden.key = program_address(image_program(lv->image), "tcache_key");
	for (int i = 0; i < TRIES && t->state == HELD && !birth(lv, t); i++) {
		t->late = 0;
		process_run_to(p, t, lv->mstart->pc, 0);
	}
	if (t->state == HELD && birth(lv, t))
		return true;
	process_drain(p);
	if (p->over)
		end_of(lv, lv->sentence, sizeof lv->sentence);
	else
		say(lv->sentence, sizeof lv->sentence, "%s",
			t->state == HELD ? "something before main runs for too long"
					 : "it sleeps in the kernel");
	const char *end = p->noutput ? memchr(p->output, '\n', p->noutput) : NULL;
	int line = (int)(end ? end - p->output : (ptrdiff_t)p->noutput);
	say(err, nerr, "%s did not come to its scheduler: %s%s%.*s", program, lv->sentence,
		line ? ". It wrote: " : "", line, line ? p->output : "");
	return false;
}

/* Where threads become Ms. */
static bool find_mstart(struct live *lv, const char *program, char *err, size_t nerr)
{
	const struct probes *probes = image_probes(lv->image);
	int mstart = event_by_name("mstart"), needm = event_by_name("needm");
	for (size_t i = 0; i < probes->n; i++) {
		if (probes->probe[i].event == mstart)
			lv->mstart = &probes->probe[i];
		if (probes->probe[i].event == needm)
			lv->needm = &probes->probe[i];
	}
	if (!lv->mstart)
		say(err, nerr, "%s has no probe mstart; rebuild it with this libg0.a", program);
	return lv->mstart != NULL;
}

/* Step 0. */
static bool read_first_state(struct live *lv, char *err, size_t nerr)
{
	lv->memory.fd = lv->process.mem_fd;
	lv->state = runtime_view_new(
		&lv->memory, image_program(lv->image), image_arch(lv->image), err, nerr);
	if (!lv->state)
		return false;
	bring_threads(lv);
	memory_begin(&lv->memory);
	update_state(lv, lv->process.threads[0]);
	lv->moved = false;
	process_drain(&lv->process);
	return true;
}

/* Of the program, and of what this system gave it. */
static void write_note(struct live *lv, const struct run_options *o)
{
	char built[SENTENCE_MAX], inherited[SENTENCE_MAX];
	image_note(lv->image, built, sizeof built);
	inherit_note(lv->process.pid, o, inherited, sizeof inherited);
	say(lv->stepper.note, sizeof lv->stepper.note, "%s%s%s", built,
		*built && *inherited ? "; " : "", inherited);
}

uint64_t live_build(const char *program)
{
	char err[SENTENCE_MAX];
	struct program *p = program_open(program, err, sizeof err);
	uint64_t build = p ? program_build(p) : 0;
	program_close(p);
	return build;
}

struct stepper *live_open(const struct run_options *o, char *err, size_t nerr)
{
	struct image *image = image_open(o->program, err, nerr);
	if (!image)
		return NULL;
	struct live *lv = xcalloc(1, sizeof *lv);
	struct code *table = image_table(image);
	lv->stepper = (struct stepper){
		.ops = &live_ops, .code = table, .build = program_build(image_program(image))};
	lv->image = image;
	lv->wait_s = o->wait_s;
	size_t ntext;
	const struct code_range *text = image_text(image, &ntext);
	if (find_mstart(lv, o->program, err, nerr) &&
		process_start(&lv->process, o, image_program(image)->fd, image_arch(image), text,
			ntext, err, nerr) &&
		run_to_mstart(lv, o->program, err, nerr) && read_first_state(lv, err, nerr)) {
		write_note(lv, o);
		return &lv->stepper;
	}
	live_close(&lv->stepper);
	code_free(table);
	return NULL;
}
