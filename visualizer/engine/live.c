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

#include "image/image.h"
#include "live_event.h"
#include "live_parts.h"
#include "machine/machine_open.h"
#include "machine/ptrace.h"
#include "runtime_view.h"
#include "model/event.h"
#include "model/say.h"
#include "model/xalloc.h"

/* ---- one step ---- */

/* Find out what the step wrote, of what the machine says that it may have written. */
static void compare_memory(struct live *lv, const struct thread *t)
{
	const struct wrote *w = &lv->machine->wrote;
	if (w->extent != TO_PLACES)
		memory_touched_all(
			&lv->memory, t->regs[lv->machine->arch->sp], w->extent == TO_ANY_MEMORY);
	for (size_t i = 0; i < w->n && w->extent == TO_PLACES; i++) {
		memory_touched(&lv->memory, w->places[i].addr, w->places[i].n);
		if (w->places[i].certain)
			memory_written(&lv->memory, w->places[i].addr, w->places[i].n);
	}
	memory_end(&lv->memory);
}

/*
 * Execute one instruction of t, and the library code that it leads to, up to where t is in the
 * program's own again; from inside of it (it called back, or took too long) the rest of it.
 */
static void execute(struct live *lv, struct thread *t, const struct site *site)
{
	struct machine *mc = lv->machine;
	bool library = site->library, syscall = site->insn.flow == FLOW_SYSCALL && !library;
	if (!library)
		mc->ops->step(mc, t, &site->insn);
	if (in_library(lv, t)) {
		library = true;
		mc->ops->leave_library(mc, t);
	}
	if (t->state == HELD && birth(lv, t))
		admit(lv, t, birth(lv, t));
	lv->moved |= t->state != HELD;
	if (!syscall && !library)
		return;
	bring_threads(lv);
	collect(lv);
	mc->ops->drain(mc);
}

/* ---- reporting ---- */

static void report_m(struct live *lv, struct snapshot *s, const struct thread *t)
{
	struct m_state *m = (struct m_state *)snap_m(s, m_of(lv, t));
	if (!m)
		return;
	/* So that the table knows of the pc, if only that it is in a library. */
	image_site(lv->image, pc_of(lv, t));
	memcpy(m->regs, t->regs, sizeof m->regs);
	m->asleep = t->state == ASLEEP;
	m->exited = t->state == GONE;
	if (lv->machine->wrote.extent != TO_PLACES || lv->moved)
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
	for (size_t i = 0; lv->moved && i < lv->machine->nthreads; i++)
		report_m(lv, s, lv->machine->threads[i]);
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
	uint64_t now = pc_of(lv, t);
	const struct probe *probe = image_site(lv->image, now)->probe;
	if (probe && now != pc && t->state == HELD)
		event_read(&out->event, probe, t->regs, &lv->memory, image_table(lv->image));
}

/* Find out whether that was the end. */
static void see_end(struct live *lv)
{
	if (lv->moved || lv->machine->ending.how != RUNS)
		lv->end = end_of(lv, lv->sentence, sizeof lv->sentence);
}

static bool any_restless(const struct machine *mc)
{
	for (size_t i = 0; i < mc->nthreads; i++)
		if (mc->threads[i]->state == ASLEEP && mc->threads[i]->restless)
			return true;
	return false;
}

/* Whether M m can execute now; sleepers are given the chance to wake up. */
static enum step_result can_step(struct live *lv, int m)
{
	const struct thread *t = thread_of(lv, m);
	if (lv->end != RUN_GOES_ON)
		return STEP_ENDED;
	if (any_restless(lv->machine) || (t && t->state == ASLEEP))
		look_about(lv);
	t = thread_of(lv, m);
	see_end(lv);
	if (lv->machine->ending.how != RUNS)
		return STEP_ENDED;
	if (!t || t->state == GONE)
		return STEP_NO_M;
	return t->state == ASLEEP ? STEP_ASLEEP : STEP_DONE;
}

/* One step of M m, which can execute. */
static void take_step(struct live *lv, int m, struct step *out)
{
	struct thread *t = thread_of(lv, m);
	memory_begin(&lv->memory);
	const struct site *site = image_site(lv->image, pc_of(lv, t));
	execute(lv, t, site);
	compare_memory(lv, t);
	update_state(lv, t);
	report(lv, t, site->insn.pc, out);
	see_end(lv);
	lv->moved = false;
	machine_forget_writes(lv->machine);
}

static enum step_result live_step(struct stepper *s, int m, struct step *out)
{
	struct live *lv = (struct live *)s;
	struct machine *mc = lv->machine;
	if (lv->told)
		mc->noutput = 0;
	lv->told = true;
	enum step_result can = can_step(lv, m);
	if (can == STEP_DONE)
		take_step(lv, m, out);
	out->output = mc->noutput ? mc->output : NULL;
	out->noutput = mc->noutput;
	return can;
}

/* ---- the rest of the interface ---- */

static int live_awake(struct stepper *s)
{
	struct live *lv = (struct live *)s;
	look_about(lv);
	lv->machine->ops->drain(lv->machine);
	see_end(lv);
	for (size_t i = 0; i < lv->machine->nthreads; i++) {
		const struct thread *t = lv->machine->threads[i];
		if (t->state == HELD && m_of(lv, t) >= 0)
			return m_of(lv, t);
	}
	return -1;
}

static bool live_doze(struct stepper *s, int m, int64_t *since)
{
	const struct live *lv = (struct live *)s;
	const struct thread *t = m < 0 ? NULL : thread_of(lv, m);
	return lv->machine->ending.how == RUNS && (m < 0 || t) &&
	       lv->machine->ops->doze(lv->machine, t, since);
}

static char *live_sleeps(struct stepper *s, int m, char *buf, size_t n)
{
	const struct live *lv = (struct live *)s;
	const struct thread *t = thread_of(lv, m);
	*buf = '\0';
	if (t)
		lv->machine->ops->sleeps(lv->machine, t, buf, n);
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
	if (lv->machine)
		lv->machine->ops->close(lv->machine);
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
	return ptrace_pid(((const struct live *)s)->machine);
}

/* Whether the program has come to where M0 begins to schedule. */
static bool at_mstart(struct live *lv, const char *program, char *err, size_t nerr)
{
	struct machine *mc = lv->machine;
	const struct thread *t = mc->threads[0];
	if (t->state == HELD && birth(lv, t))
		return true;
	mc->ops->drain(mc);
	if (mc->ending.how != RUNS)
		end_of(lv, lv->sentence, sizeof lv->sentence);
	else
		say(lv->sentence, sizeof lv->sentence, "%s",
			t->state == HELD ? "something before main runs for too long"
					 : "it sleeps in the kernel");
	const char *end = mc->noutput ? memchr(mc->output, '\n', mc->noutput) : NULL;
	int line = (int)(end ? end - mc->output : (ptrdiff_t)mc->noutput);
	say(err, nerr, "%s did not come to its scheduler: %s%s%.*s", program, lv->sentence,
		line ? ". It wrote: " : "", line, line ? mc->output : "");
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
	machine_forget_writes(lv->machine);
	lv->memory.machine = lv->machine;
	lv->state = runtime_view_new(
		&lv->memory, image_program(lv->image), image_arch(lv->image), err, nerr);
	if (!lv->state)
		return false;
	bring_threads(lv);
	memory_begin(&lv->memory);
	update_state(lv, lv->machine->threads[0]);
	lv->moved = false;
	lv->machine->ops->drain(lv->machine);
	return true;
}

/* Of the program, and of what this system gave it. */
static void write_note(struct live *lv)
{
	char built[SENTENCE_MAX];
	const char *given = lv->machine->note;
	image_note(lv->image, built, sizeof built);
	say(lv->stepper.note, sizeof lv->stepper.note, "%s%s%s", built,
		*built && *given ? "; " : "", given);
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
	if (find_mstart(lv, o->program, err, nerr))
		lv->machine = machine_open(o, image, lv->mstart->pc, err, nerr);
	if (lv->machine && at_mstart(lv, o->program, err, nerr) &&
		read_first_state(lv, err, nerr)) {
		write_note(lv);
		return &lv->stepper;
	}
	live_close(&lv->stepper);
	code_free(table);
	return NULL;
}
