/* SPDX-License-Identifier: MIT */
/* The facts of one step of a recording, without its snapshot. */
#include <assert.h>
#include <stdlib.h>

#include "recording_parts.h"
#include "text.h"

const struct step_facts *recording_facts(
	const struct recording *r, int64_t step, struct chunk **k, size_t *i)
{
	*k = chunk_open(r, recording_chunk(r, step), NULL, NULL);
	*i = (size_t)(step - (*k)->first);
	return &(*k)->facts[*i];
}

const struct word_write *recording_writes(const struct recording *r, int64_t step, int *n)
{
	struct chunk *k;
	size_t i;
	recording_facts(r, step, &k, &i);
	return chunk_writes(k, i, n);
}

int recording_m(const struct recording *r, int64_t step)
{
	struct chunk *k;
	size_t i;
	return recording_facts(r, step, &k, &i)->m;
}

uint64_t recording_pc(const struct recording *r, int64_t step)
{
	struct chunk *k;
	size_t i;
	return recording_facts(r, step, &k, &i)->pc;
}

struct before recording_before(const struct recording *r, int64_t step)
{
	struct chunk *k;
	size_t i;
	if (step < 1 || step > r->last)
		return (struct before){0};
	recording_facts(r, step, &k, &i);
	return chunk_before(k, i);
}

const struct event *recording_event(const struct recording *r, int64_t step)
{
	struct chunk *k;
	size_t i;
	int32_t event = step > 0 ? recording_facts(r, step, &k, &i)->event : -1;
	return event < 0 ? NULL : &k->events[event];
}

/* ---- output ---- */

/* What all chunks wrote, up to the first that cannot be read. */
static void read_output(struct recording *r)
{
	for (size_t i = 0; i < r->nat; i++) {
		struct bytes b = {0};
		bool ok = r->at[i].text < 0 || store_get(r->store, r->at[i].text, &b);
		if (ok && r->output.n == r->at[i].output && b.n)
			put_raw(&r->output, b.p + 1, b.n - 1); /* behind its letter */
		bytes_free(&b);
	}
	r->has_output = true;
}

/* How much there was after a step. */
static size_t output_upto(const struct recording *r, int64_t step)
{
	uint64_t n = 0;
	if (step > 0) {
		size_t at = recording_chunk(r, step);
		const struct chunk *k = chunk_open(r, at, NULL, NULL);
		n = r->at[at].output + chunk_output(k, (size_t)(step - k->first));
	} else if (r->last) {
		n = chunk_open(r, 0, NULL, NULL)->facts[0].output;
	} else {
		n = r->output.n;
	}
	return n < r->output.n ? (size_t)n : r->output.n;
}

const char *recording_output(const struct recording *r, int64_t step, size_t *n)
{
	if (!r->has_output)
		read_output((struct recording *)r);
	*n = output_upto(r, step);
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
