/* SPDX-License-Identifier: MIT */
/* How a run ended, said in a sentence for people. */
#include <stdio.h>

#include "stepper_parts.h"

/* "M1 was killed by SIGSEGV at work+0x10, touching 0x0". */
static void say_killed(const struct stepper *st, char *sentence, size_t n)
{
	const struct ending *e = &st->machine->ending;
	char at[SENTENCE_MAX], who[16] = "a thread";
	if (!e->thread) {
		say(sentence, n, "the program was killed by %s, %s", e->by, e->why);
		return;
	}
	int m = m_of(st, e->thread);
	if (m >= 0)
		snprintf(who, sizeof who, "M%d", m);
	code_symbolize(image_table(st->image), pc_of(st, e->thread), false, at, sizeof at);
	say(sentence, n, "%s was killed by %s at %s%s%s", who, e->by, at, *e->why ? ", " : "",
		e->why);
}

/* Whether nobody can go on, and nobody is left to wake another. */
static bool all_asleep(const struct machine *mc)
{
	for (size_t i = 0; i < mc->nthreads; i++) {
		const struct thread *t = mc->threads[i];
		if (t->state == HELD || (t->state == ASLEEP && t->restless))
			return false;
	}
	return true;
}

static enum run_end how_it_ended(const struct stepper *st, char *sentence, size_t n)
{
	const struct ending *e = &st->machine->ending;
	switch (e->how) {
	case GOES_ON:
		if (!all_asleep(st->machine))
			return RUN_GOES_ON;
		say(sentence, n, "all Ms are asleep, and nobody is left who could wake one");
		return RUN_STUCK;
	case REPLACED:
		say(sentence, n,
			"the program became another one (execve), which cannot be followed");
		return RUN_CRASHED;
	case KILLED: say_killed(st, sentence, n); return RUN_CRASHED;
	case EXITED: break;
	}
	say(sentence, n, "the program ended with status %d", e->status);
	return RUN_EXITED;
}

void stepper_add_lacks(const struct stepper *st, char *sentence, size_t n)
{
	if (*st->machine->lacks)
		say_more(sentence, n, "; it had asked for what is not emulated: %s",
			st->machine->lacks);
}

enum run_end end_of(const struct stepper *st, char *sentence, size_t n)
{
	enum run_end end = how_it_ended(st, sentence, n);
	if (end != RUN_GOES_ON)
		stepper_add_lacks(st, sentence, n);
	return end;
}
