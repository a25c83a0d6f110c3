/* SPDX-License-Identifier: MIT */
/*
 * The one stepper, of any machine's threads.
 *
 *   stepper ─▶ machine/machine   threads: held, asleep, gone
 *     ├───▶ stepper_threads      which thread is which M
 *     ├───▶ image/image          what the file says of a pc
 *     ├───▶ memory               copies of stacks and structs; what a step wrote
 *     ├───▶ runtime_view         the runtime's structs as a snapshot ─▶ memory, image/layout
 *     ├───▶ stepper_outside      a signal, or time that passes, before a step
 *     └───▶ stepper_event, stepper_end   what happened at a probe, and how the run ended
 *
 * A step is one instruction of one M, and the library code with it that it leads to, up to where
 * the M is in the program's own code again. Afterwards the memory that it may have written, as the
 * machine says, is compared with its copy. Nothing else in the program moves meanwhile, so the same
 * schedule leads to the same states.
 */
#include "stepper.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "machine/machine_open.h"
#include "model/event.h"
#include "model/xalloc.h"
#include "stepper_event.h"
#include "stepper_parts.h"

/* ---- one step ---- */

static bool lies_within(const struct range *a, const struct range *b)
{
	uint64_t off = a->addr - b->addr;
	return a->addr >= b->addr && off <= b->n && a->n <= b->n - off;
}

/* Find out what the step wrote, of what the machine says that it may have written. */
static void compare_memory(struct stepper *st, const struct thread *t)
{
	const struct wrote *w = &st->machine->wrote;
	bool seen = false; /* all of the range before */
	if (w->reach != TO_SPANS)
		memory_touched_all(
			&st->memory, t->regs[st->machine->arch->sp], w->reach == TO_ANY_MEMORY);
	for (size_t i = 0; i < w->n; i++) {
		const struct range *r = &w->ranges[i];
		/*
		 * Also beside all that: another M's signal stack may never have been written. But
		 * what was read a moment ago is not read again, which would be a system call more.
		 */
		if (!seen || !lies_within(r, r - 1))
			seen = memory_touched(&st->memory, r->addr, r->n);
		if (r->certain)
			memory_written(&st->memory, r->addr, r->n);
	}
	memory_end(&st->memory);
}

/*
 * Execute one instruction of t, and the library code that it leads to, up to where t is in the
 * program's own again; from inside of it (it called back, or took too long) the rest of it.
 */
static void execute(struct stepper *st, struct thread *t, const struct site *site)
{
	struct machine *mc = st->machine;
	bool library = site->library, syscall = site->insn.flow == FLOW_SYSCALL && !library;
	if (!library)
		mc->ops->step(mc, t, &site->insn);
	if (in_library(st, t)) {
		library = true;
		mc->ops->leave_library(mc, t);
	}
	if (t->state == HELD && birth(st, t))
		admit(st, t, birth(st, t));
	st->moved |= t->state != HELD;
	if (!syscall && !library)
		return;
	bring_threads(st);
	collect(st);
	mc->ops->drain(mc);
}

/* ---- reporting ---- */

/* As where a signal handler begins: SP is elsewhere, so who called may be somebody new. */
static bool has_leapt(const struct arch_desc *arch, const uint64_t *was, const uint64_t *is)
{
	enum { FRAME = 256 };
	return is[arch->sp] - was[arch->sp] + FRAME > 2 * FRAME;
}

static void report_m(struct stepper *st, struct snapshot *s, const struct thread *t)
{
	struct m_state *m = (struct m_state *)snap_m(s, m_of(st, t));
	if (!m)
		return;
	bool leapt = has_leapt(s->arch, m->regs, t->regs);
	/* So that the table knows of the pc, if only that it is in a library. */
	image_site(st->image, pc_of(st, t));
	memcpy(m->regs, t->regs, (size_t)s->arch->nregs * sizeof *m->regs);
	m->asleep = t->state == ASLEEP;
	m->exited = t->state == GONE;
	if (st->machine->wrote.reach != TO_SPANS || st->moved || leapt)
		image_callers(st->image, s, m_of(st, t), memory_read, &st->memory);
}

/* Bring the snapshot up to date. */
static void update_state(struct stepper *st, const struct thread *t)
{
	struct snapshot *s = runtime_view_snapshot(st->view);
	if (st->memory.state_changed || st->moved)
		runtime_view_read(st->view);
	else if (st->memory.deeper)
		runtime_view_stacks(st->view);
	report_m(st, s, t);
	for (size_t i = 0; st->moved && i < st->machine->nthreads; i++)
		report_m(st, s, st->machine->threads[i]);
}

static void report(struct stepper *st, const struct thread *t, uint64_t pc, struct step *out)
{
	struct snapshot *s = runtime_view_snapshot(st->view);
	s->step++;
	s->last_m = m_of(st, t);
	*out = (struct step){.m = s->last_m, .pc = pc, .state = s, .event.id = -1};
	out->before = stepper_before(st);
	out->nwrites = (int)st->memory.nwrites;
	out->writes = st->memory.writes;
	out->state_changed = st->memory.state_changed || st->moved;
	uint64_t now = pc_of(st, t);
	const struct probe *probe = image_site(st->image, now)->probe;
	if (probe && now != pc && t->state == HELD)
		event_read(&out->event, probe, t->regs, &st->memory, image_table(st->image));
}

/* Find out whether that was the end. */
static void see_end(struct stepper *st)
{
	if (st->moved || st->machine->ending.how != GOES_ON)
		st->end = end_of(st, st->sentence, sizeof st->sentence);
}

static bool any_restless(const struct machine *mc)
{
	for (size_t i = 0; i < mc->nthreads; i++)
		if (mc->threads[i]->state == ASLEEP && mc->threads[i]->restless)
			return true;
	return false;
}

/* Whether M m can execute now; sleepers are given the chance to wake up. */
static enum step_result can_step(struct stepper *st, int m)
{
	const struct thread *t = thread_of(st, m);
	if (st->end != RUN_GOES_ON)
		return STEP_ENDED;
	if (any_restless(st->machine) || (t && t->state == ASLEEP))
		look_about(st);
	t = thread_of(st, m);
	see_end(st);
	if (st->machine->ending.how != GOES_ON)
		return STEP_ENDED;
	if (!t || t->state == GONE)
		return STEP_NO_M;
	return t->state == ASLEEP ? STEP_ASLEEP : STEP_DONE;
}

/* One step of M m, which can execute. */
static void take_step(struct stepper *st, int m, struct step *out)
{
	struct thread *t = thread_of(st, m);
	assert(t && t->state == HELD);
	memory_begin(&st->memory);
	const struct site *site = image_site(st->image, pc_of(st, t));
	execute(st, t, site);
	compare_memory(st, t);
	update_state(st, t);
	report(st, t, site->insn.pc, out);
	see_end(st);
	st->moved = false;
	machine_forget_writes(st->machine);
}

void stepper_expect(struct stepper *st, const struct turn *turns, size_t n)
{
	enum { TURNS = 256 };
	struct expected e[TURNS];
	size_t known = 0;
	if (!st->machine->ops->expect)
		return;
	for (; known < n && known < TURNS; known++) {
		bool steps = turns[known].kind == TURN_STEPS;
		const struct thread *t = steps ? thread_of(st, turns[known].m) : NULL;
		if (!t)
			break;
		e[known] = (struct expected){t, turns[known].n};
	}
	st->machine->ops->expect(st->machine, e, known);
}

enum step_result stepper_step(struct stepper *st, int m, struct step *out)
{
	struct machine *mc = st->machine;
	forget_reported(st);
	if (st->told)
		mc->noutput = 0;
	st->told = true;
	enum step_result can = can_step(st, m);
	if (can == STEP_DONE)
		take_step(st, m, out);
	st->stepped = can == STEP_DONE;
	out->output = mc->noutput ? mc->output : NULL;
	out->noutput = mc->noutput;
	return can;
}

/* ---- the rest of the interface ---- */

int stepper_awake(struct stepper *st)
{
	keep_for_next(st);
	look_about(st);
	st->machine->ops->drain(st->machine);
	see_end(st);
	for (size_t i = 0; i < st->machine->nthreads; i++) {
		const struct thread *t = st->machine->threads[i];
		if (t->state == HELD && m_of(st, t) >= 0)
			return m_of(st, t);
	}
	return -1;
}

bool stepper_doze(struct stepper *st, int m, int64_t *since)
{
	const struct thread *t = m < 0 ? NULL : thread_of(st, m);
	return st->machine->ending.how == GOES_ON && (m < 0 || t) &&
	       st->machine->ops->doze(st->machine, t, since);
}

char *stepper_sleeps(const struct stepper *st, int m, char *buf, size_t n)
{
	const struct thread *t = thread_of(st, m);
	*buf = '\0';
	if (t)
		st->machine->ops->sleeps(st->machine, t, buf, n);
	return buf;
}

const struct snapshot *stepper_state(const struct stepper *st)
{
	return runtime_view_snapshot(st->view);
}

enum run_end stepper_end(const struct stepper *st, const char **sentence)
{
	*sentence = st->sentence;
	return st->end;
}

struct code *stepper_code(const struct stepper *st)
{
	return image_table(st->image);
}

const char *stepper_note(const struct stepper *st)
{
	return st->note;
}

bool stepper_is_emulated(const struct stepper *st)
{
	return st->machine->emulated;
}

uint64_t stepper_build(const struct stepper *st)
{
	return image_build(st->image);
}

struct machine *stepper_machine(const struct stepper *st)
{
	return st->machine;
}

size_t stepper_shadow_errors(const struct stepper *st)
{
	return memory_errors(&st->memory);
}

/* ---- begin and end ---- */

uint64_t stepper_build_of(const char *program)
{
	char err[SENTENCE_MAX];
	struct program *p = program_open(program, err, sizeof err);
	uint64_t build = p ? program_build(p) : 0;
	program_close(p);
	return build;
}

void stepper_close(struct stepper *st)
{
	st->machine->ops->close(st->machine);
	if (st->view)
		runtime_view_free(st->view);
	memory_free(&st->memory);
	free(st->m_of);
	schedule_clear(&st->before);
	image_close(st->image);
	free(st);
}

/* Whether the program has come to where M0 begins to schedule. */
static bool at_mstart(struct stepper *st, char *err, size_t nerr)
{
	struct machine *mc = st->machine;
	const struct thread *t = mc->threads[0];
	if (t->state == HELD && birth(st, t))
		return true;
	mc->ops->drain(mc);
	if (mc->ending.how != GOES_ON)
		end_of(st, st->sentence, sizeof st->sentence);
	else
		say(st->sentence, sizeof st->sentence, "%s",
			t->state == HELD ? "something before main runs for too long"
					 : "it sleeps in the kernel");
	const char *end = mc->noutput ? memchr(mc->output, '\n', mc->noutput) : NULL;
	int line = (int)(end ? end - mc->output : (ptrdiff_t)mc->noutput);
	say(err, nerr, "%s did not come to its scheduler: %s%s%.*s", image_program(st->image)->path,
		st->sentence, line ? ". It wrote: " : "", line, line ? mc->output : "");
	return false;
}

/* Step 0. */
static bool read_first_state(struct stepper *st, char *err, size_t nerr)
{
	machine_forget_writes(st->machine);
	st->memory.machine = st->machine;
	if (!runtime_view_begin(st->view, &st->memory, err, nerr))
		return false;
	bring_threads(st);
	memory_begin(&st->memory);
	update_state(st, st->machine->threads[0]);
	st->moved = false;
	st->machine->ops->drain(st->machine);
	return true;
}

/* Of the program, and of what this system gave it. */
static void write_note(struct stepper *st)
{
	char built[SENTENCE_MAX];
	const char *given = st->machine->note;
	image_note(st->image, built, sizeof built);
	say(st->note, sizeof st->note, "%s%s%s", built, *built && *given ? "; " : "", given);
}

static const struct probe *find_probe(const struct image *image, const char *event)
{
	const struct probes *probes = image_probes(image);
	int id = event_by_name(event);
	for (size_t i = 0; i < probes->n; i++)
		if (probes->probe[i].event == id)
			return &probes->probe[i];
	return NULL;
}

struct stepper *stepper_on(struct machine *mc, struct image *image, char *err, size_t nerr)
{
	struct stepper *st = xcalloc(1, sizeof *st);
	struct code *code = image_table(image);
	*st = (struct stepper){.image = image,
		.machine = mc,
		.mstart = find_probe(image, "mstart"),
		.needm = find_probe(image, "needm")};
	st->view = runtime_view_new(image_program(image), image_arch(image), err, nerr);
	if (st->view && at_mstart(st, err, nerr) && read_first_state(st, err, nerr)) {
		write_note(st);
		return st;
	}
	stepper_close(st);
	code_free(code);
	return NULL;
}

struct stepper *stepper_open(const struct run_options *o, char *err, size_t nerr)
{
	struct image *image =
		machine_can_execute(o, err, nerr) ? image_open(o->program, err, nerr) : NULL;
	if (!image)
		return NULL;
	const struct probe *mstart = find_probe(image, "mstart");
	struct machine *mc = NULL;
	if (mstart)
		mc = machine_open(o, image, mstart->pc, err, nerr);
	else
		say(err, nerr, "%s has no probe mstart; rebuild it with this libg0.a", o->program);
	if (mc)
		return stepper_on(mc, image, err, nerr);
	struct code *code = image_table(image);
	image_close(image);
	code_free(code);
	return NULL;
}
