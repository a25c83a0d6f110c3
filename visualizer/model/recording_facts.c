/* SPDX-License-Identifier: MIT */
/* The facts of one step of a recording, without building its snapshot. */
#include <assert.h>

#include "recording_parts.h"
#include "text.h"

int64_t recording_last(const struct recording *r)
{
	return r->last;
}

static struct chunk *chunk_of(const struct recording *r, int64_t step)
{
	assert(step > 0 && step <= recording_last(r));
	return &r->chunks[(step - 1) / RECORDING_KEYFRAME];
}

const struct step_facts *recording_facts(const struct recording *r, int64_t step)
{
	return &chunk_of(r, step)->facts[(step - 1) % RECORDING_KEYFRAME];
}

struct reader recording_delta(const struct recording *r, int64_t step)
{
	const struct chunk *k = chunk_of(r, step);
	const struct step_facts *f = recording_facts(r, step);
	bool is_last = (size_t)(f - k->facts) + 1 == k->n;
	size_t n = (is_last ? k->deltas.n : f[1].delta) - f->delta;
	return reader_of(k->deltas.p ? k->deltas.p + f->delta : NULL, n);
}

const struct word_write *recording_writes(const struct recording *r, int64_t step, int *n)
{
	const struct chunk *k = chunk_of(r, step);
	const struct step_facts *f = recording_facts(r, step);
	bool is_last = (size_t)(f - k->facts) + 1 == k->n;
	*n = (is_last ? k->nwrites : f[1].writes) - f->writes;
	return k->writes ? k->writes + f->writes : NULL;
}

int recording_m(const struct recording *r, int64_t step)
{
	return recording_facts(r, step)->m;
}

uint64_t recording_pc(const struct recording *r, int64_t step)
{
	return recording_facts(r, step)->pc;
}

struct before recording_before(const struct recording *r, int64_t step)
{
	size_t lo = 0, hi = r->nbefores; /* how many of them are of earlier steps? */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (r->befores[mid].step < step)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == r->nbefores || r->befores[lo].step != step)
		return (struct before){0};
	return (struct before){&r->schedule.turns[r->befores[lo].first], r->befores[lo].n};
}

const struct event *recording_event(const struct recording *r, int64_t step)
{
	int32_t i = step > 0 ? recording_facts(r, step)->event : -1;
	return i < 0 ? NULL : &r->events[i].event;
}

const char *recording_output(const struct recording *r, int64_t step, size_t *n)
{
	size_t lo = 0, hi = r->noutputs; /* how many of them are <= step? */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (r->outputs[mid].step <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	*n = lo ? r->outputs[lo - 1].end : 0;
	return r->output.n ? (const char *)r->output.p : "";
}

const char *recording_written(const struct recording *r, int64_t step, size_t *n)
{
	size_t before = 0;
	const char *output = recording_output(r, step, n);
	if (step > 1)
		recording_output(r, step - 1, &before);
	*n = step > 0 ? *n - before : 0;
	return output + before;
}

const char *recording_text(const struct recording *r, int64_t step, size_t *n)
{
	const char *output = recording_output(r, step, n);
	*n = utf8_whole(output, *n, r->output.n);
	return output;
}

const char *recording_written_text(const struct recording *r, int64_t step, size_t *n)
{
	size_t before = 0;
	const char *output = recording_text(r, step, n);
	if (step > 1)
		recording_text(r, step - 1, &before);
	*n = step > 0 ? *n - before : 0;
	return output + before;
}
