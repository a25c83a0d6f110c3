/* SPDX-License-Identifier: MIT */
#include "emulated_kept.h"

#include <stdlib.h>
#include <string.h>

#include "emulator/wire.h"
#include "model/xalloc.h"

int64_t kept_number(struct kept_numbers *k)
{
	size_t i = 0;
	while (i < k->n && k->taken[i])
		i++;
	if (i == WIRE_KEPT)
		return -1;
	k->taken = xgrow(k->taken, &k->cap, i + 1, sizeof *k->taken);
	if (i == k->n)
		k->n++;
	k->taken[i] = true;
	return (int64_t)i;
}

void kept_number_free(struct kept_numbers *k, int64_t number)
{
	k->taken[number] = false;
}

struct machine_state *state_new(struct machine *m, int64_t number)
{
	struct machine_state *s = xcalloc(1, sizeof *s);
	*s = (struct machine_state){.machine = m,
		.number = number,
		.nthreads = m->nthreads,
		.ending = m->ending,
		.noutput = m->noutput};
	s->threads = xcalloc(m->nthreads + 1, sizeof *s->threads);
	for (size_t i = 0; i < m->nthreads; i++)
		s->threads[i] = *m->threads[i];
	s->output = xmalloc(m->noutput + 1);
	if (m->noutput)
		memcpy(s->output, m->output, m->noutput);
	return s;
}

/* Threads that came later are kept where they are, for those that will come then. */
void state_put(struct machine *m, const struct machine_state *s)
{
	for (size_t i = 0; i < s->nthreads; i++)
		*m->threads[i] = s->threads[i];
	m->nthreads = s->nthreads;
	m->ending = s->ending;
	m->output = xgrow(m->output, &m->output_cap, s->noutput + 1, 1);
	memcpy(m->output, s->output, s->noutput);
	m->noutput = s->noutput;
	machine_wrote_to(m, TO_ANY_MEMORY);
}

void state_end(struct machine_state *s)
{
	free(s->threads);
	free(s->output);
	free(s);
}
