/* SPDX-License-Identifier: MIT */
/* Whether a recording is whole: every chunk can be read, and leads to the state of the next. */
#include <stdlib.h>
#include <string.h>

#include "recording_parts.h"
#include "say.h"

/* All of a state, history and words too, but whose step led there. */
static struct bytes all_of(const struct snapshot *s)
{
	const struct snapshot nothing = {.arch = s->arch};
	struct bytes b = {0};
	delta_all(&b, &nothing, s);
	return b;
}

static bool is_same(const struct snapshot *a, const struct snapshot *b)
{
	struct bytes x = all_of(a), y = all_of(b);
	bool same = a->last_m == b->last_m && x.n == y.n && memcmp(x.p, y.p, x.n) == 0;
	bytes_free(&x);
	bytes_free(&y);
	return same;
}

/* The state before a chunk becomes that behind it, by its steps. */
static bool go_through(const struct recording *r, size_t i, struct snapmem *state)
{
	bool opened;
	const struct chunk *k = chunk_open(r, i, state, &opened);
	for (size_t n = 0; !opened && n < k->n; n++)
		if (!chunk_apply(k, n, state))
			return false;
	return !k->broken;
}

bool recording_verify(const struct recording *r, char *err, size_t nerr)
{
	struct snapmem state, key;
	bool ok = true;
	snapmem_init(&state, r->arch);
	snapmem_init(&key, r->arch);
	for (size_t i = 0; ok && i < r->nat; i++) {
		const struct chunk_at *at = &r->at[i];
		const char *what = "cannot be read";
		ok = state_before(r, i, &key);
		if (ok && i && !is_same(&state.s, &key.s)) {
			what = "do not begin where those before them end";
			ok = false;
		}
		snapmem_free(&state);
		snapmem_copy(&state, &key.s);
		ok = ok && (!at->n || go_through(r, i, &state));
		if (!ok)
			say(err, nerr, "steps %lld to %lld %s", (long long)at->first,
				(long long)at->first + (long long)at->n - 1, what);
	}
	snapmem_free(&state);
	snapmem_free(&key);
	return ok;
}
