/* SPDX-License-Identifier: MIT */
#include "search.h"

#include <assert.h>
#include <stdlib.h>

#include "xalloc.h"

/* Two cursors, as each step is looked at together with the one before it. */
struct search {
	const struct recording *r;
	struct cursor *was, *is;
};

struct search *search_new(const struct recording *r)
{
	struct search *s = xcalloc(1, sizeof *s);
	*s = (struct search){.r = r, .was = cursor_new(r), .is = cursor_new(r)};
	return s;
}

void search_free(struct search *s)
{
	if (!s)
		return;
	cursor_free(s->was);
	cursor_free(s->is);
	free(s);
}

bool search_at(struct search *s, int64_t step, const struct sight *what)
{
	assert(step > 0 && step <= recording_last(s->r));
	struct moment was = {s->r, cursor_seek(s->was, step - 1)};
	struct moment is = {s->r, cursor_seek(s->is, step)};
	return what->is(what->ctx, &was, &is);
}

static bool is_stopped(const atomic_bool *stop)
{
	return stop && *stop;
}

int64_t search_next(struct search *s, int64_t from, int64_t most, const struct sight *what,
	const atomic_bool *stop)
{
	int64_t last = recording_last(s->r), end = last - from < most ? last : from + most;
	for (int64_t step = from + 1; step <= end && !is_stopped(stop); step++)
		if (search_at(s, step, what))
			return step;
	return -1;
}

int64_t search_prev(struct search *s, int64_t from, int64_t most, const struct sight *what,
	const atomic_bool *stop)
{
	int64_t end = from > most ? from - most : 1;
	for (int64_t step = from - 1; step >= end && !is_stopped(stop); step--)
		if (search_at(s, step, what))
			return step;
	return -1;
}
