/* SPDX-License-Identifier: MIT */
#include "handover.h"

#include <stdlib.h>

#include "model/xalloc.h"

/* A G that may be run, and is not yet. */
struct waiting_g {
	int64_t g; /* as the event has it */
	int m;
	int64_t step;
	const char *event;
};

struct handovers {
	struct trace *t;
	struct waiting_g *of;
	size_t n, cap;
};

struct handovers *handovers_new(struct trace *t)
{
	struct handovers *h = xcalloc(1, sizeof *h);
	h->t = t;
	return h;
}

void handovers_free(struct handovers *h)
{
	free(h->of);
	free(h);
}

/* Whether it is an event after which its G waits to be run; the G is its first argument. */
static bool departs(const struct event *e)
{
	switch (e->id) {
	case EVENT_newproc:
	case EVENT_goready:
	case EVENT_gosched:
	case EVENT_goyield:
	case EVENT_gopreempt: return e->nargs > 0;
	default: return false;
	}
}

static struct waiting_g *find(struct handovers *h, int64_t g)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->of[i].g == g)
			return &h->of[i];
	return NULL;
}

static void forget(struct handovers *h, struct waiting_g *d)
{
	*d = h->of[--h->n];
}

/* So that there are never more than Gs. */
static void forget_gone(struct handovers *h, const struct snapshot *now)
{
	for (size_t i = h->n; i-- > 0;)
		if (!snap_g(now, (int)h->of[i].g))
			forget(h, &h->of[i]);
}

void handovers_depart(struct handovers *h, const struct moment *at)
{
	const struct event *e = moment_event(at);
	if (!e || !departs(e))
		return;
	struct waiting_g *d = find(h, e->arg[0]);
	if (!d) {
		if (h->n == h->cap)
			forget_gone(h, at->now);
		h->of = xgrow(h->of, &h->cap, h->n + 1, sizeof *h->of);
		d = &h->of[h->n++];
	}
	*d = (struct waiting_g){e->arg[0], at->now->last_m, at->now->step, event_names[e->id]};
}

static void put_end(struct handovers *h, const char *phase, int64_t step, int m, const char *name)
{
	trace_begin(h->t, phase, step, m, name);
	trace_category(h->t, "handover");
	json_key(&h->t->j, "id");
	json_int(&h->t->j, h->t->flows);
	if (*phase == 'f') {
		/* At the slice that it is in, and not at the next one. */
		json_key(&h->t->j, "bp");
		json_str(&h->t->j, "e");
	}
	trace_end(h->t);
}

void handovers_arrive(struct handovers *h, int64_t step, int m, int g)
{
	struct waiting_g *d = find(h, g);
	if (!d)
		return;
	h->t->flows++;
	put_end(h, "s", d->step, d->m, d->event);
	put_end(h, "f", step, m, d->event);
	forget(h, d);
}
