/* SPDX-License-Identifier: MIT */
#include "emulated_ahead.h"

#include <string.h>

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

_Static_assert(2 * WIRE_WORDS <= UINT16_MAX, "they can be numbered");

static uint16_t place(uint64_t addr)
{
	return addr / 8 * 0x9e3779b1u >> 7 & (AHEAD_PLACES - 1);
}

/* The places of a word: one or two. How many it is. */
static int places(const struct wire_word *w, uint16_t *to)
{
	to[0] = place(w->addr);
	to[1] = place(w->addr + 7);
	return w->addr % 8 && to[0] != to[1] ? 2 : 1;
}

static void forget_words(struct emulated_ahead *a)
{
	a->word = a->nwords = 0;
	memset(a->nlist, 0, sizeof a->nlist);
}

/* Each word to its places: where one ends the next begins, so they are filled from behind. */
static void list_words(struct emulated_ahead *a)
{
	uint16_t at[2], end = 0;
	for (uint32_t i = 0; i < a->nwords; i++)
		for (int n = places(&a->words[i], at); n-- > 0;)
			a->nlist[at[n]]++;
	for (int p = 0; p < AHEAD_PLACES; p++)
		a->list[p] = end += a->nlist[p];
	for (uint32_t i = a->nwords; i-- > 0;)
		for (int n = places(&a->words[i], at); n-- > 0;)
			a->numbers[--a->list[at[n]]] = (uint16_t)i;
}

/* The oldest word has been asked for. */
static void take_word(struct emulated_ahead *a)
{
	uint16_t at[2];
	for (int n = places(&a->words[a->word++], at); n-- > 0;) {
		a->list[at[n]]++;
		a->nlist[at[n]]--;
	}
}

static void put_back(struct wire_word w, uint64_t addr, uint8_t *bytes, size_t n)
{
	uint64_t size = w.size < sizeof w.was ? w.size : sizeof w.was;
	uint64_t from = w.addr > addr ? w.addr : addr;
	uint64_t to = w.addr + size < addr + n ? w.addr + size : addr + n;
	if (from < to)
		memcpy(bytes + (from - addr), (uint8_t *)&w.was + (from - w.addr), to - from);
}

/* Most often it is a word: all that may lie there is in one list. */
static void undo_word(const struct emulated_ahead *a, uint64_t addr, uint8_t *bytes)
{
	uint16_t at = place(addr);
	const uint16_t *number = &a->numbers[a->list[at]];
	for (uint16_t i = a->nlist[at]; i-- > 0;)
		put_back(a->words[number[i]], addr, bytes, sizeof addr);
}

/* The oldest last, as each has what was there before it. */
void ahead_undo(const struct emulated_ahead *a, uint64_t addr, uint8_t *bytes, size_t n)
{
	if (n == sizeof addr && addr % sizeof addr == 0) {
		undo_word(a, addr, bytes);
		return;
	}
	for (uint32_t i = a->nwords; i-- > a->word;)
		put_back(a->words[i], addr, bytes, n);
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
	a->next = 0;
	forget_words(a);
	for (a->nsteps = 0; a->nsteps < n && a->nsteps < WIRE_STEPS; a->nsteps++) {
		uint32_t more = w->steps[a->nsteps].nwords;
		if (more > WIRE_WORDS - a->nwords)
			break;
		a->nwords += more;
	}
	memcpy(a->words, w->words, a->nwords * sizeof *a->words);
	list_words(a);
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
	uint32_t more = *(const volatile uint32_t *)&s->nwords;
	uint32_t n = more < a->nwords - a->word ? more : a->nwords - a->word;
	*words = &a->words[a->word];
	for (uint32_t i = 0; i < n; i++)
		take_word(a);
	return s;
}

/* As if none had been executed that nobody has asked for. */
static bool go_back(struct emulated_ahead *a)
{
	bool any = ahead_is(a);
	uint32_t n = a->next;
	a->next = a->nsteps = 0;
	forget_words(a);
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
