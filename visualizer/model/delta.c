/* SPDX-License-Identifier: MIT */
#include "delta.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

/* The items. */
enum {
	COUNTS = 'N', /* nms ngs nps nstacks */
	REGS = 'R',   /* M's index, how many, then of each: which, and by how much it grew */
	M = 'M',
	G = 'G',
	P = 'P',       /* index, then the fields */
	HISTORY = 'H', /* M's index, then the fields */
	GLOBAL = 'Q',  /* how many, then the ids */
	STACK = 'S',   /* index, fields, and the words held */
	HOLD = 'D',    /* a stack's index, how many words further down are held, and these */
	DAMAGE = 'W',  /* what is wrong: how many, then the sentences */
};

/* Whatever is counted has an item of its own, of which none is shorter. */
enum { ITEM_MIN = 7 };

/* ---- from snapshots to bytes ---- */

void delta_regs(struct bytes *out, const struct snapshot *was, const struct snapshot *now, int i)
{
	static const uint64_t zero[SNAP_NREGS_MAX];
	assert(i >= 0 && i < now->nms);
	const uint64_t *old = i < was->nms ? was->ms[i].regs : zero, *regs = now->ms[i].regs;
	uint8_t which[SNAP_NREGS_MAX];
	int n = 0;

	for (int r = 0; r < now->arch->nregs; r++)
		if (old[r] != regs[r])
			which[n++] = r;
	if (!n)
		return;
	put_u8(out, REGS);
	put_uv(out, i);
	put_u8(out, n);
	for (int k = 0; k < n; k++) {
		put_u8(out, which[k]);
		put_sv(out, (int64_t)(regs[which[k]] - old[which[k]]));
	}
}

static void put_counts(struct bytes *out, int nms, int ngs, int nps, int nstacks)
{
	put_u8(out, COUNTS);
	put_uv(out, nms);
	put_uv(out, ngs);
	put_uv(out, nps);
	put_uv(out, nstacks);
}

static bool m_same(const struct m_state *a, const struct m_state *b)
{
	return a->id == b->id && a->curg == b->curg && a->p == b->p && a->asleep == b->asleep &&
	       a->exited == b->exited && a->spinning == b->spinning && a->g0_stack == b->g0_stack &&
	       a->g0_sp == b->g0_sp;
}

static void put_m(struct bytes *out, int i, const struct m_state *m)
{
	put_u8(out, M);
	put_uv(out, i);
	put_sv(out, m->id);
	put_sv(out, m->curg);
	put_sv(out, m->p);
	put_u8(out, m->asleep | m->exited << 1 | m->spinning << 2);
	put_sv(out, m->g0_stack);
	put_uv(out, m->g0_sp);
}

static bool g_same(const struct g_state *a, const struct g_state *b)
{
	return a->id == b->id && a->status == b->status && a->m == b->m && a->stack == b->stack &&
	       a->sched_pc == b->sched_pc && a->sched_sp == b->sched_sp &&
	       a->sched_bp == b->sched_bp && a->startfn == b->startfn &&
	       !strncmp(a->waitreason, b->waitreason, sizeof a->waitreason);
}

static void put_g(struct bytes *out, int i, const struct g_state *g)
{
	put_u8(out, G);
	put_uv(out, i);
	put_sv(out, g->id);
	put_sv(out, g->status);
	put_sv(out, g->m);
	put_sv(out, g->stack);
	put_uv(out, g->sched_pc);
	put_uv(out, g->sched_sp);
	put_uv(out, g->sched_bp);
	put_uv(out, g->startfn);
	put_blob(out, g->waitreason, strnlen(g->waitreason, sizeof g->waitreason - 1));
}

static void put_ids(struct bytes *out, const int *ids, int n)
{
	put_sv(out, n);
	for (int i = 0; i < n; i++)
		put_sv(out, ids[i]);
}

static bool p_same(const struct p_state *a, const struct p_state *b)
{
	return a->id == b->id && a->m == b->m && a->insyscall == b->insyscall &&
	       a->runnext == b->runnext && a->nq == b->nq &&
	       !memcmp(a->q, b->q, a->nq * sizeof a->q[0]);
}

static void put_p(struct bytes *out, int i, const struct p_state *p)
{
	put_u8(out, P);
	put_uv(out, i);
	put_sv(out, p->id);
	put_sv(out, p->m);
	put_u8(out, p->insyscall);
	put_sv(out, p->runnext);
	put_ids(out, p->q, p->nq);
}

static bool stack_same(const struct stack_image *a, const struct stack_image *b)
{
	return a->kind == b->kind && a->id == b->id && a->lo == b->lo && a->hi == b->hi;
}

static void put_stack(struct bytes *out, int i, const struct stack_image *st)
{
	put_u8(out, STACK);
	put_uv(out, i);
	put_sv(out, st->kind);
	put_sv(out, st->id);
	put_uv(out, st->lo);
	put_uv(out, st->hi - st->lo);
	put_uv(out, st->hi - st->from);
	for (uint64_t k = 0; k < (st->hi - st->from) / 8; k++)
		put_uv(out, st->words[k]);
}

static bool damage_same(const struct snapshot *a, const struct snapshot *b)
{
	bool same = a->ndamage == b->ndamage;
	for (int i = 0; same && i < a->ndamage; i++)
		same = !strcmp(a->damage[i], b->damage[i]);
	return same;
}

static void put_damage(struct bytes *out, const struct snapshot *now)
{
	put_u8(out, DAMAGE);
	put_u8(out, now->ndamage);
	for (int i = 0; i < now->ndamage; i++)
		put_text(out, now->damage[i]);
}

void delta_state(struct bytes *out, const struct snapshot *was, const struct snapshot *now)
{
	assert(was->arch == now->arch); /* registers are told by number */
	if (was->nms != now->nms || was->ngs != now->ngs || was->nps != now->nps ||
		was->nstacks != now->nstacks)
		put_counts(out, now->nms, now->ngs, now->nps, now->nstacks);
	for (int i = 0; i < now->nstacks; i++)
		if (i >= was->nstacks || !stack_same(&was->stacks[i], &now->stacks[i]) ||
			was->stacks[i].from < now->stacks[i].from)
			put_stack(out, i, &now->stacks[i]);
	for (int i = 0; i < now->nms; i++) {
		if (i >= was->nms || !m_same(&was->ms[i], &now->ms[i]))
			put_m(out, i, &now->ms[i]);
		delta_regs(out, was, now, i);
	}
	for (int i = 0; i < now->ngs; i++)
		if (i >= was->ngs || !g_same(&was->gs[i], &now->gs[i]))
			put_g(out, i, &now->gs[i]);
	for (int i = 0; i < now->nps; i++)
		if (i >= was->nps || !p_same(&was->ps[i], &now->ps[i]))
			put_p(out, i, &now->ps[i]);
	if (was->nglobal != now->nglobal ||
		(now->nglobal &&
			memcmp(was->global, now->global, now->nglobal * sizeof now->global[0]))) {
		put_u8(out, GLOBAL);
		put_ids(out, now->global, now->nglobal);
	}
	if (!damage_same(was, now))
		put_damage(out, now);
}

void delta_history(struct bytes *out, const struct snapshot *now, int i)
{
	const struct m_state *m = &now->ms[i];
	put_u8(out, HISTORY);
	put_uv(out, i);
	put_sv(out, m->departure.g);
	put_sv(out, m->departure.step);
	put_sv(out, m->departure.gave_up);
	put_u8(out, m->departure.g_ran);
}

void delta_hold(struct bytes *out, const struct snapshot *now, int i, uint64_t from)
{
	uint64_t n = (now->stacks[i].from - from) / 8;
	assert(from % 8 == 0 && from < now->stacks[i].from);
	put_u8(out, HOLD);
	put_uv(out, i);
	put_uv(out, n);
	while (n--)
		put_uv(out, 0);
}

void delta_whole(struct bytes *out, const struct snapshot *now)
{
	const struct snapshot nothing = {.arch = now->arch};
	put_counts(out, 0, 0, 0, 0);
	put_u8(out, GLOBAL);
	put_sv(out, 0);
	put_damage(out, &nothing);
	delta_state(out, &nothing, now);
	for (int i = 0; i < now->nms; i++)
		delta_history(out, now, i);
}

/* ---- from bytes to a snapshot ---- */

static int get_id(struct reader *in)
{
	return get_in(in, INT_MIN, INT_MAX);
}

/* An index below n; where there is none, the reader is bad. */
static int get_index(struct reader *in, int n)
{
	uint64_t i = get_uv(in);
	if (i < (uint64_t)n)
		return i;
	in->bad = true;
	return -1;
}

static int get_count(struct reader *in, int max)
{
	uint64_t n = get_uv(in);
	if (n <= (uint64_t)max)
		return n;
	in->bad = true;
	return 0;
}

static size_t growth(int from, int to)
{
	return to > from ? (size_t)(to - from) : 0;
}

/* may_grow: by how many all of them together, in this delta; fewer afterwards. */
static void get_counts(struct snapmem *to, struct reader *in, size_t *may_grow)
{
	int nms = get_count(in, SNAP_MS_MAX), ngs = get_count(in, SNAP_GS_MAX),
	    nps = get_count(in, SNAP_MS_MAX);
	int nstacks = get_count(in, SNAP_STACKS_MAX);
	size_t grown = growth(to->s.nms, nms) + growth(to->s.ngs, ngs) + growth(to->s.nps, nps) +
		       growth(to->s.nstacks, nstacks);
	if (grown > *may_grow)
		in->bad = true;
	if (in->bad)
		return;
	*may_grow -= grown;
	snapmem_resize(to, nms, ngs, nps, nstacks);
}

static void get_regs(struct snapmem *to, struct reader *in)
{
	int i = get_index(in, to->s.nms);
	int n = get_u8(in);
	while (n-- && !in->bad) {
		int r = get_u8(in);
		int64_t grown = get_sv(in);
		if (r >= to->s.arch->nregs)
			in->bad = true;
		if (!in->bad)
			to->s.ms[i].regs[r] += (uint64_t)grown;
	}
}

static void get_m(struct snapmem *to, struct reader *in)
{
	int i = get_index(in, to->s.nms);
	if (i < 0)
		return;
	struct m_state *m = &to->s.ms[i];
	m->id = get_id(in);
	m->curg = get_id(in);
	m->p = get_id(in);
	uint8_t flags = get_u8(in);
	m->asleep = flags & 1;
	m->exited = flags & 2;
	m->spinning = flags & 4;
	m->g0_stack = get_id(in);
	m->g0_sp = get_uv(in);
}

static void get_g(struct snapmem *to, struct reader *in)
{
	int i = get_index(in, to->s.ngs);
	if (i < 0)
		return;
	struct g_state *g = &to->s.gs[i];
	g->id = get_id(in);
	g->status = get_in(in, GS_IDLE, GS_DEAD);
	g->m = get_id(in);
	g->stack = get_id(in);
	g->sched_pc = get_uv(in);
	g->sched_sp = get_uv(in);
	g->sched_bp = get_uv(in);
	g->startfn = get_uv(in);
	get_text(in, g->waitreason, sizeof g->waitreason);
}

static void get_p(struct snapmem *to, struct reader *in)
{
	int i = get_index(in, to->s.nps);
	if (i < 0)
		return;
	struct p_state *p = &to->s.ps[i];
	p->id = get_id(in);
	p->m = get_id(in);
	p->insyscall = get_u8(in);
	p->runnext = get_id(in);
	p->nq = get_in(in, 0, sizeof p->q / sizeof p->q[0]);
	for (int k = 0; k < p->nq; k++)
		p->q[k] = get_id(in);
}

static void get_history(struct snapmem *to, struct reader *in)
{
	int i = get_index(in, to->s.nms);
	if (i < 0)
		return;
	struct m_state *m = &to->s.ms[i];
	m->departure.g = get_id(in);
	m->departure.step = get_sv(in);
	m->departure.gave_up = get_sv(in);
	m->departure.g_ran = get_u8(in);
}

static void get_global(struct snapmem *to, struct reader *in)
{
	int n = get_in(in, 0, in->end - in->p); /* an id takes a byte or more */
	snapmem_resize_global(to, n);
	for (int k = 0; k < n; k++)
		to->s.global[k] = get_id(in);
}

static void get_stack(struct snapmem *to, struct reader *in)
{
	int i = get_index(in, to->s.nstacks);
	enum stack_kind kind = get_in(in, STACK_G0, STACK_SIGNAL);
	int id = get_id(in);
	uint64_t lo = get_uv(in), size = get_uv(in), held = get_uv(in);
	if (in->bad || size > SNAP_STACK_MAX || !snap_is_stack(lo, lo + size) || held % 8 ||
		held > size || held / 8 > (uint64_t)(in->end - in->p)) {
		in->bad = true;
		return;
	}
	snapmem_set_stack(to, i, kind, id, lo, lo + size);
	snapmem_hold(to, i, lo + size - held);
	for (uint64_t k = 0; k < held / 8; k++)
		to->s.stacks[i].words[k] = get_uv(in);
}

/* Words below those held so far. */
static void get_hold(struct snapmem *to, struct reader *in)
{
	int i = get_index(in, to->s.nstacks);
	uint64_t n = get_uv(in);
	if (i < 0 || n > (uint64_t)(in->end - in->p) ||
		n > (to->s.stacks[i].from - to->s.stacks[i].lo) / 8) {
		in->bad = true;
		return;
	}
	snapmem_hold(to, i, to->s.stacks[i].from - 8 * n);
	for (uint64_t k = 0; k < n; k++)
		to->s.stacks[i].words[k] = get_uv(in);
}

static void get_damage(struct snapmem *to, struct reader *in)
{
	int n = get_u8(in);
	if (n > SNAP_DAMAGE_MAX)
		in->bad = true;
	to->s.ndamage = 0;
	while (n-- && !in->bad)
		get_text(in, to->s.damage[to->s.ndamage++], SNAP_DAMAGE_LEN);
}

bool delta_apply(struct snapmem *to, struct reader in)
{
	size_t may_grow = (size_t)(in.end - in.p) / ITEM_MIN;
	while (!in.bad && !reader_done(&in)) {
		switch (get_u8(&in)) {
		case COUNTS: get_counts(to, &in, &may_grow); break;
		case REGS: get_regs(to, &in); break;
		case M: get_m(to, &in); break;
		case G: get_g(to, &in); break;
		case P: get_p(to, &in); break;
		case HISTORY: get_history(to, &in); break;
		case GLOBAL: get_global(to, &in); break;
		case STACK: get_stack(to, &in); break;
		case HOLD: get_hold(to, &in); break;
		case DAMAGE: get_damage(to, &in); break;
		default: in.bad = true;
		}
	}
	return !in.bad;
}
