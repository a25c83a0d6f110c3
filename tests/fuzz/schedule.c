/* SPDX-License-Identifier: MIT */
/* Schedules as text: what is read is written as the same, and cut as it should be. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "model/say.h"
#include "model/schedule.h"

/* What is written is read as the same. */
static void again(const struct schedule *s)
{
	struct schedule other = {0};
	char *text = schedule_text(s);
	fuzz_require(schedule_parse(&other, text, NULL, 0) == 0);
	fuzz_require(other.n == s->n);
	for (size_t i = 0; i < s->n; i++)
		fuzz_require(other.turns[i].kind == s->turns[i].kind &&
			     other.turns[i].m == s->turns[i].m &&
			     other.turns[i].n == s->turns[i].n);
	schedule_clear(&other);
	free(text);
}

/* The first n steps, and what is behind them. */
static void cut(const struct schedule *s, int64_t n)
{
	int64_t all = schedule_steps(s);
	struct schedule front = schedule_slice(s, 0, n), back = schedule_slice(s, n, all);
	bool whole;
	fuzz_require(schedule_steps(&front) == n && schedule_steps(&back) == all - n);
	fuzz_require(schedule_same(&front, s, n));
	fuzz_require(schedule_common(&front, s) == n);
	fuzz_require(schedule_turns(s, n) == front.n);
	char *tail = schedule_tail(s, n, 20, &whole);
	fuzz_require(strlen(tail) <= 20);
	free(tail);
	schedule_truncate(&front, n / 2);
	fuzz_require(schedule_steps(&front) == n / 2);
	schedule_clear(&front);
	schedule_clear(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct schedule s = {0};
	char err[SENTENCE_MAX] = "";
	char *text = strndup((const char *)data, n);
	if (schedule_parse(&s, text, err, sizeof err) == 0) {
		int64_t all = schedule_steps(&s);
		fuzz_taken++;
		again(&s);
		for (int i = 0; i <= 4; i++)
			cut(&s, all / 4 * i);
	}
	fuzz_sentence(err);
	schedule_clear(&s);
	const char *wanted = schedule_parse_before(&s, text);
	fuzz_sentence(wanted);
	schedule_clear(&s);
	free(text);
	return 0;
}
