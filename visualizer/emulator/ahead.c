/* SPDX-License-Identifier: MIT */
/*
 * While steps are executed ahead, the engine's hooks tell this file of each instruction that is
 * over and of each word about to be written. The words that were there before, and the registers
 * with which each thread began, are all that it takes to be there again.
 */
#include "ahead.h"

#include <stdlib.h>
#include <string.h>

#include "cpu.h"
#include "own_code.h"
#include "signals.h"
#include "model/xalloc.h"

/* More words than any one instruction writes. */
enum { WORDS_OF_A_STEP = 1024 };

struct ahead {
	struct guest *g;
	struct wire *wire;
	struct own_code code;
	const struct own_insn *insn; /* that is a step now */
	const uint64_t *regs;        /* of the thread that is on, before it */
	uint64_t began;              /* how many instructions had been executed by then */
	uint32_t nwords, told;
	uc_context *before[WIRE_THREADS]; /* with what a thread began; NULL: never took part */
	bool takes_part[WIRE_THREADS];
};

struct ahead *ahead_new(struct guest *g, struct wire *w)
{
	struct ahead *a = xcalloc(1, sizeof *a);
	a->g = g;
	a->wire = w;
	return a;
}

void ahead_free(struct ahead *a)
{
	for (int i = 0; i < WIRE_THREADS; i++)
		if (a->before[i])
			uc_context_free(a->before[i]);
	free(a);
}

/* ---- while it runs ---- */

/* What stands at pc is next. False: it is no plain step of the program's own code. */
static bool is_step(struct ahead *a, uint64_t pc)
{
	a->insn = own_code_step(&a->code, a->g, a->wire, pc);
	return a->insn != NULL;
}

/* The registers after the instruction that has led to pc: as they were, but for what it changes. */
static void get_regs(struct ahead *a, uint64_t pc, uint64_t *to)
{
	const struct guest_isa *isa = a->g->isa;
	memcpy(to, a->regs, (size_t)isa->nregs * sizeof *to);
	uint64_t all = (UINT64_C(1) << isa->nregs) - 1;
	cpu_get_these(a->g, a->insn->changes & all, to);
	to[isa->pc_at] = pc;
	a->regs = to;
}

/* A step is over, and the next would be the instruction at pc. Whether to stop there. */
static bool step_is_over(void *ctx, uint64_t pc)
{
	struct ahead *a = ctx;
	struct wire *w = a->wire;
	struct wire_step *s = &w->steps[w->nsteps++];
	s->thread = (uint32_t)a->g->on->id - 1;
	s->nwords = a->nwords - a->told;
	a->told = a->nwords;
	get_regs(a, pc, s->regs);
	return a->nwords > WIRE_WORDS - WORDS_OF_A_STEP || !is_step(a, pc);
}

/* n bytes are about to be written. */
static void keep_words(void *ctx, uint64_t addr, uint64_t n)
{
	struct ahead *a = ctx;
	while (n > 0 && a->nwords < WIRE_WORDS) {
		struct mapping *m = space_mapping(&a->g->space, addr);
		struct wire_word *word = &a->wire->words[a->nwords++];
		uint64_t piece = n < sizeof word->was ? n : sizeof word->was;
		piece = piece < m->hi - addr ? piece : m->hi - addr;
		*word = (struct wire_word){addr, piece, 0};
		memcpy(&word->was, m->host + (addr - m->lo), piece);
		addr += piece;
		n -= piece;
	}
}

/* ---- begin, and turns ---- */

static void begin(struct ahead *a)
{
	a->began = a->g->executed;
	a->nwords = a->told = a->wire->nsteps = 0;
	memset(a->takes_part, 0, sizeof a->takes_part);
}

/* It is on: its registers are kept if these are its first steps. */
static bool take_part(struct ahead *a, uint32_t i)
{
	uc_engine *engine = a->g->space.engine;
	if (a->takes_part[i])
		return true;
	if (!a->before[i] && uc_context_alloc(engine, &a->before[i]) != UC_ERR_OK)
		return false;
	uc_context_save(engine, a->before[i]);
	return a->takes_part[i] = true;
}

/* How many steps there can be before the time of a sleeper comes. */
static uint64_t until_a_sleeper(const struct guest *g)
{
	uint64_t first = NEVER;
	for (size_t i = 0; i < g->nthreads; i++)
		if (g->threads[i]->sleeps != AWAKE && g->threads[i]->wakes_at < first)
			first = g->threads[i]->wakes_at;
	return first > guest_now(g) ? first - guest_now(g) : 0;
}

/* Whether the thread can take steps of which the kernel knows nothing. */
static bool can_go(struct ahead *a, uint32_t i)
{
	struct guest *g = a->g;
	struct guest_thread *t = i < g->nthreads && i < WIRE_THREADS ? g->threads[i] : NULL;
	if (g->ended || !t || t->gone || t->sleeps != AWAKE || t->woken || signals_are_due(g, t))
		return false;
	cpu_put_on(g, t);
	return is_step(a, cpu_get(g, g->isa->pc)) && take_part(a, i);
}

static uint64_t least(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

/*
 * Whether all of a turn could be taken. What is no step after all is as if it had not been tried.
 */
static bool turn(struct ahead *a, struct wire_turn t)
{
	struct guest *g = a->g;
	struct wire *w = a->wire;
	uint32_t from = w->nsteps;
	uint64_t room = least(until_a_sleeper(g), WIRE_STEPS - from);
	uint64_t n = least(t.n, room);
	if (n == 0 || !can_go(a, t.thread))
		return false;
	a->regs = w->threads[t.thread].regs;
	cpu_run(g, (int64_t)n);
	if (g->stopped != STOPPED_COUNT)
		ahead_back(a, w->nsteps);
	else if (w->nsteps > from)
		memcpy(w->threads[t.thread].regs, w->steps[w->nsteps - 1].regs,
			sizeof w->threads->regs);
	return w->nsteps - from == t.n;
}

void ahead_run(struct ahead *a)
{
	struct guest *g = a->g;
	struct wire *w = a->wire;
	struct guest_watch was = g->watch;
	g->watch = (struct guest_watch){step_is_over, keep_words, a};
	begin(a);
	for (uint32_t i = 0; i < w->nturns && i < WIRE_TURNS && turn(a, w->turns[i]); i++)
		;
	g->watch = was;
	w->now = guest_now(g);
}

/* ---- back ---- */

static void put_words_back(struct ahead *a)
{
	while (a->nwords > 0) {
		const struct wire_word *word = &a->wire->words[--a->nwords];
		space_write(&a->g->space, word->addr, &word->was, word->size);
	}
}

static void put_threads_back(struct ahead *a)
{
	struct guest *g = a->g;
	cpu_put_off(g);
	for (size_t i = 0; i < g->nthreads && i < WIRE_THREADS; i++) {
		if (!a->takes_part[i])
			continue;
		uc_context_restore(g->space.engine, a->before[i]);
		uc_context_save(g->space.engine, g->threads[i]->context);
	}
}

/* They stand where they are now. */
static void tell_threads(struct ahead *a)
{
	struct guest *g = a->g;
	for (size_t i = 0; i < g->nthreads && i < WIRE_THREADS; i++) {
		if (!a->takes_part[i])
			continue;
		cpu_put_on(g, g->threads[i]);
		cpu_get_all(g, a->wire->threads[i].regs);
	}
}

/* The first n steps once more; what they wrote before that is known. */
static void again(struct ahead *a, uint32_t n)
{
	struct guest *g = a->g;
	const struct wire_step *steps = a->wire->steps;
	for (uint32_t i = 0, of; i < n; i += of) {
		uint32_t thread = steps[i].thread, words = steps[i].nwords;
		for (of = 1; i + of < n && steps[i + of].thread == thread; of++)
			words += steps[i + of].nwords;
		cpu_put_on(g, g->threads[thread]);
		cpu_run(g, of);
		a->nwords += words;
	}
}

void ahead_back(struct ahead *a, uint32_t n)
{
	struct guest *g = a->g;
	struct guest_watch was = g->watch;
	n = n < a->wire->nsteps ? n : a->wire->nsteps;
	g->watch = (struct guest_watch){0};
	put_words_back(a);
	put_threads_back(a);
	g->executed = a->began;
	again(a, n);
	tell_threads(a);
	g->watch = was;
	a->told = a->nwords;
	a->wire->nsteps = n;
	a->wire->now = guest_now(g);
}
