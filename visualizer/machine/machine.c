/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdlib.h>

#include "model/xalloc.h"

void machine_forget_writes(struct machine *m)
{
	m->wrote.extent = TO_PLACES;
	m->wrote.n = 0;
}

void machine_add_thread(struct machine *m, struct thread *t)
{
	t->id = (int)m->nthreads;
	m->threads = xgrow(m->threads, &m->threads_cap, m->nthreads + 1, sizeof *m->threads);
	m->threads[m->nthreads++] = t;
}

void machine_wrote(struct machine *m, uint64_t addr, size_t n, bool certain)
{
	struct wrote *w = &m->wrote;
	w->places = xgrow(w->places, &w->cap, w->n + 1, sizeof *w->places);
	w->places[w->n++] = (struct place){addr, n, certain};
}

void machine_wrote_to(struct machine *m, enum extent extent)
{
	if (extent > m->wrote.extent)
		m->wrote.extent = extent;
}

void machine_free(struct machine *m)
{
	free(m->threads);
	free(m->wrote.places);
	free(m->output);
}
