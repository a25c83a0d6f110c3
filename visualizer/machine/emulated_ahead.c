/* SPDX-License-Identifier: MIT */
#include "emulated_ahead.h"

#include <string.h>

enum { PLACES = sizeof((struct emulated_ahead *)0)->words_at / sizeof(uint16_t) };

void ahead_expect(struct emulated_ahead *a, const struct expected *turns, size_t n)
{
	/* Those that are executed already stay so: whether they were right will be seen. */
	a->at = a->nturns = 0;
	for (size_t i = 0; i < n && a->nturns < WIRE_TURNS; i++) {
		int64_t steps = turns[i].n < UINT32_MAX ? turns[i].n : UINT32_MAX;
		if (steps <= 0)
			break;
		a->turns[a->nturns++] =
			(struct wire_turn){(uint32_t)turns[i].t->id, (uint32_t)steps};
	}
}

bool ahead_is(const struct emulated_ahead *a)
{
	return a->next < a->nsteps;
}

/* ---- what these steps wrote ---- */

static size_t place(uint64_t addr)
{
	return addr / 8 * 0x9e3779b1u >> 7 & (PLACES - 1);
}

/* A word may lie over the end of one of these places. */
static void count_word(struct emulated_ahead *a, const struct wire_word *w, int n)
{
	a->words_at[place(w->addr)] += (uint16_t)n;
	if (w->addr % 8)
		a->words_at[place(w->addr + 7)] += (uint16_t)n;
}

static void put_back(struct wire_word w, uint64_t addr, uint8_t *bytes, size_t n)
{
	uint64_t size = w.size < sizeof w.was ? w.size : sizeof w.was;
	uint64_t from = w.addr > addr ? w.addr : addr;
	uint64_t to = w.addr + size < addr + n ? w.addr + size : addr + n;
	if (from < to)
		memcpy(bytes + (from - addr), (uint8_t *)&w.was + (from - w.addr), to - from);
}

/* The oldest last, as each has what was there before it. */
static void undo_bytes(const struct emulated_ahead *a, uint64_t addr, uint8_t *bytes, size_t n)
{
	for (uint32_t i = a->nwords; i-- > a->word;)
		put_back(a->wire->words[i], addr, bytes, n);
}

/* The same of one word, most often written as a whole, and soon: the first such write tells. */
static void undo_word(const struct emulated_ahead *a, uint64_t addr, uint8_t *bytes)
{
	for (uint32_t i = a->word; i < a->nwords; i++) {
		const struct wire_word w = a->wire->words[i];
		if (w.addr - addr + 7 > 14)
			continue;
		if (w.addr != addr || w.size != sizeof w.was)
			break;
		memcpy(bytes, &w.was, sizeof w.was);
		return;
	}
	undo_bytes(a, addr, bytes, sizeof(uint64_t));
}

void ahead_undo(const struct emulated_ahead *a, uint64_t addr, uint8_t *bytes, size_t n)
{
	if (n != sizeof(uint64_t) || addr % sizeof(uint64_t))
		undo_bytes(a, addr, bytes, n);
	else if (a->words_at[place(addr)])
		undo_word(a, addr, bytes);
}

/* ---- steps ---- */

static bool ask(struct emulated_ahead *a, enum wire_op op, uint64_t n)
{
	struct wire_request r = {.op = op, .a = n};
	return emulated_ask(a->process, &r, sizeof r);
}

/* Take over what was told, as far as the numbers can be. */
static void take_steps(struct emulated_ahead *a)
{
	const struct wire *w = a->wire;
	uint32_t n = *(const volatile uint32_t *)&w->nsteps;
	a->next = a->word = a->nwords = 0;
	memset(a->words_at, 0, sizeof a->words_at);
	for (a->nsteps = 0; a->nsteps < n && a->nsteps < WIRE_STEPS; a->nsteps++) {
		uint32_t more = w->steps[a->nsteps].nwords;
		if (more > WIRE_WORDS - a->nwords)
			break;
		a->nwords += more;
	}
	for (uint32_t i = 0; i < a->nwords; i++)
		count_word(a, &w->words[i], 1);
}

/* Have the emulator execute what is expected, as far as it can. */
static bool go_ahead(struct emulated_ahead *a)
{
	a->wire->nturns = a->nturns - a->at;
	memcpy(a->wire->turns, a->turns + a->at, a->wire->nturns * sizeof *a->turns);
	bool alive = ask(a, WIRE_AHEAD, 0);
	if (alive)
		take_steps(a);
	return alive;
}

/* One step of what is expected has been asked for. */
static void count_off(struct emulated_ahead *a)
{
	if (--a->turns[a->at].n == 0)
		a->at++;
}

static const struct wire_step *take_step(struct emulated_ahead *a, const struct wire_word **words)
{
	const struct wire_step *s = &a->wire->steps[a->next++];
	uint32_t n = s->nwords < a->nwords - a->word ? s->nwords : a->nwords - a->word;
	*words = &a->wire->words[a->word];
	for (uint32_t i = 0; i < n; i++)
		count_word(a, &a->wire->words[a->word++], -1);
	return s;
}

/* As if none had been executed that nobody has asked for. */
static bool go_back(struct emulated_ahead *a)
{
	bool any = ahead_is(a);
	uint32_t n = a->next;
	a->next = a->nsteps = a->word = a->nwords = 0;
	memset(a->words_at, 0, sizeof a->words_at);
	return !any || ask(a, WIRE_BACK, n);
}

bool ahead_drop(struct emulated_ahead *a)
{
	a->at = a->nturns = 0;
	return go_back(a);
}

const struct wire_step *ahead_step(struct emulated_ahead *a, const struct thread *t,
	const struct wire_word **words, bool *alive)
{
	uint32_t id = (uint32_t)t->id;
	bool expected = a->at < a->nturns && a->turns[a->at].thread == id;
	*alive = true;
	/* What was executed may have been expected before something else was. */
	if (ahead_is(a) && a->wire->steps[a->next].thread != id)
		*alive = go_back(a);
	if (!expected)
		*alive = *alive && ahead_drop(a);
	else if (*alive && !ahead_is(a))
		*alive = go_ahead(a);
	if (!*alive || !expected)
		return NULL;
	count_off(a);
	return ahead_is(a) ? take_step(a, words) : NULL;
}
