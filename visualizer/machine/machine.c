/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

void machine_forget_writes(struct machine *m)
{
	m->wrote.reach = TO_SPANS;
	m->wrote.n = 0;
}

int64_t machine_patience(int wait_s)
{
	const int64_t second = 1000000000;
	return wait_s ? wait_s * second : second / 4;
}

void machine_add_thread(struct machine *m, struct thread *t)
{
	t->id = (int)m->nthreads;
	m->threads = xgrow(m->threads, &m->threads_cap, m->nthreads + 1, sizeof *m->threads);
	m->threads[m->nthreads++] = t;
}

void machine_name_signal(int signal, char *buf, size_t n)
{
	const char *abbreviation = sigabbrev_np(signal);
	snprintf(buf, n, abbreviation ? "SIG%s" : "signal %s%d", abbreviation ? abbreviation : "",
		signal);
}

void machine_wrote(struct machine *m, uint64_t addr, size_t n, bool certain)
{
	struct wrote *w = &m->wrote;
	w->ranges = xgrow(w->ranges, &w->cap, w->n + 1, sizeof *w->ranges);
	w->ranges[w->n++] = (struct range){addr, n, certain};
}

void machine_wrote_to(struct machine *m, enum reach reach)
{
	if (reach > m->wrote.reach)
		m->wrote.reach = reach;
}

void machine_free(struct machine *m)
{
	free(m->threads);
	free(m->wrote.ranges);
	free(m->output);
}
