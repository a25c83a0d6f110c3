/* SPDX-License-Identifier: MIT */
/* A part of a recording as a recording of its own. */
#include <assert.h>
#include <stdlib.h>

#include "recording_parts.h"

static struct code *copy_code(const struct code *from)
{
	struct code *to = code_new_beside(from);
	code_add_all(to, from);
	return to;
}

static void add_step(
	struct recording *to, const struct recording *r, int64_t step, const struct snapshot *state)
{
	struct chunk *k;
	size_t i;
	struct step st = {.state = state, .state_changed = true};
	const struct step_facts *f = recording_facts(r, step, &k, &i);
	st.m = f->m;
	st.pc = f->pc;
	st.before = chunk_before(k, i);
	st.writes = chunk_writes(k, i, &st.nwrites);
	st.event.id = -1;
	if (f->event >= 0)
		st.event = k->events[f->event];
	st.output = recording_written(r, step, &st.noutput);
	if (snap_m(state, st.m))
		recording_add(to, &st);
}

struct recording *recording_excerpt(const struct recording *r, int64_t from, int64_t to)
{
	struct cursor *c = cursor_new(r);
	assert(from >= 0 && from <= to && to <= r->last);
	struct recording_info info = r->info;
	info.after += from;
	struct recording *part = recording_new(&info, cursor_seek(c, from), copy_code(r->code));
	size_t n;
	const char *before = recording_output(r, from, &n);
	recording_add_output(part, before, n);
	for (int64_t step = from + 1; step <= to; step++)
		add_step(part, r, step, cursor_seek(c, step));
	cursor_free(c);
	const char *sentence;
	enum run_end end = recording_end(r, &sentence);
	if (to == r->last)
		recording_set_end(part, end, sentence);
	else
		recording_set_end(part, RUN_GOES_ON, "the excerpt ends there");
	for (int i = 0; i < r->bookmarks.n; i++) {
		const struct bookmark *b = &r->bookmarks.at[i];
		if (b->step >= from && b->step <= to)
			recording_set_bookmark(part, b->step - from, b->note);
	}
	if (from == 0 && r->lesson)
		recording_set_lesson(part, r->lesson);
	return part;
}
