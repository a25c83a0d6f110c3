/* SPDX-License-Identifier: MIT */
#include "packed.h"

#include <stdlib.h>
#include <string.h>

#include "model/delta.h"
#include "model/moment.h"
#include "model_tests.h"

struct bytes packed(const struct snapshot *s)
{
	const struct snapshot nothing = {.arch = s->arch};
	struct bytes b = {0};
	delta_all(&b, &nothing, s);
	put_sv(&b, s->step);
	put_sv(&b, s->last_m);
	return b;
}

void assert_packed(const struct snapshot *s, const struct bytes *is)
{
	struct bytes now = packed(s);
	assert_int_equal(now.n, is->n);
	assert_memory_equal(now.p, is->p, is->n);
	bytes_free(&now);
}

int departed_at(const struct recording *r, int64_t step, int m)
{
	struct cursor *c = cursor_new(r);
	const struct moment at = {r, cursor_seek(c, step)};
	const struct departure_chain *left = moment_departure(&at, m);
	int n = left ? 1 + left->n : 0;
	cursor_free(c);
	return n;
}
