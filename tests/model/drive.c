/* SPDX-License-Identifier: MIT */
#include "drive.h"

#include <stdlib.h>

/*
 * Where each M is, in calls: on the G `g` if it is not 0, else on g0; how many frames may
 * still return.
 */
struct place {
	int g;
	int depth;
};

struct drive {
	struct sim *s;
	unsigned seed;
	struct place m[2];
	int depth[3]; /* of each G while it does not run; 0: it has never run */
	int on_g0[2]; /* frames on g0 above the one that mcall called */
};

static int dice(struct drive *d, int n)
{
	return rand_r(&d->seed) / 7 % n;
}

/* On g0: run a G if there is one, or call around. */
static void act_on_g0(struct drive *d, int m)
{
	int g = 1 + dice(d, 2);
	if (snap_g(&d->s->k.s, g)->status == GS_RUNNABLE && d->on_g0[m] < 3) {
		sim_gogo(d->s, m, g);
		if (d->depth[g]) { /* back from mcall */
			sim_enter(d->s, m, "gresumed");
			sim_leave(d->s, m);
			sim_leave(d->s, m);
		} else {
			sim_enter(d->s, m, "worker");
			d->depth[g] = 1;
		}
		d->m[m] = (struct place){g, d->depth[g]};
		d->on_g0[m] = 0;
	} else if (d->on_g0[m] && dice(d, 2)) {
		sim_leave(d->s, m);
		d->on_g0[m]--;
	} else if (d->on_g0[m] < 3) {
		sim_enter(d->s, m, dice(d, 2) ? "schedule" : "casgstatus");
		d->on_g0[m]++;
	}
}

/* A list loses some at its head, or in its midst, and others come. */
static void change_list(struct drive *d, int place, int list)
{
	enum { MOST = 6 };
	const struct waits *w = &d->s->k.s.waits;
	const struct wait_object *o = &w->object[place];
	uint64_t now[MOST];
	int n = 0, most = o->kind == WAIT_TIMER ? 1 : MOST, come = 1 + dice(d, 2);
	for (int i = 0; i < o->n[list] && n < most; i++)
		if (dice(d, 4))
			now[n++] = wait_list(w, o, list)[i];
	for (; come > 0 && n < most; come--)
		now[n++] = UINT64_MAX / 3 * (uint64_t)dice(d, 4);
	snapmem_set_wait_list(&d->s->k, place, list, now, n);
}

/* Of a few objects one comes, goes, or changes. */
static void change_waits(struct drive *d)
{
	struct waits *w = &d->s->k.s.waits;
	enum wait_kind kind = (enum wait_kind)dice(d, WAIT_KINDS);
	uint64_t addr = 0x100 + 8 * (uint64_t)dice(d, 3);
	bool is_there;
	int place = wait_place(w, kind, addr, &is_there);
	int i = dice(d, WAIT_NUMBERS), list = dice(d, WAIT_LISTS);
	const struct wait_words *of = wait_words(kind);
	if (!is_there)
		snapmem_add_wait(&d->s->k, place, kind, addr);
	else if (!dice(d, 5))
		snapmem_drop_wait(&d->s->k, place);
	else if (of->list[list].name && dice(d, 2))
		change_list(d, place, list);
	else if (of->number[i].name)
		w->object[place].number[i] =
			(uint64_t)dice(d, of->number[i].form == WAIT_BOOL ? 2 : 1000);
}

/* On a G: call, return, or let others run. */
static void act_on_g(struct drive *d, int m)
{
	struct place *p = &d->m[m];
	int what = dice(d, 8);
	if (what < 4 && p->depth < 6) {
		sim_enter(d->s, m, what % 2 ? "red" : "blue");
		p->depth++;
	} else if (what < 7 && p->depth > 1) {
		sim_leave(d->s, m);
		p->depth--;
	} else {
		int g = p->g;
		sim_mcall(d->s, m, "gosched_m");
		sim_enter(d->s, m, "casgstatus");
		d->depth[g] = p->depth;
		change_waits(d);
		sim_status(d->s, m, g, GS_RUNNABLE, -1);
		sim_leave(d->s, m);
		*p = (struct place){0};
	}
}

void drive(struct sim *s, unsigned seed, int64_t steps)
{
	struct drive d = {.s = s, .seed = seed};
	while (recording_last(s->r) < steps) {
		int m = dice(&d, 2);
		if (d.m[m].g)
			act_on_g(&d, m);
		else
			act_on_g0(&d, m);
	}
}
