/* SPDX-License-Identifier: MIT */
/*
 * From bytes into a snapshot, or out of it again. An item that says what cannot be ends it; what
 * was applied before it is sound, be it in a hostile file.
 */
#include <stdlib.h>
#include <string.h>

#include "delta.h"
#include "delta_parts.h"
#include "xalloc.h"

/* An item being applied: its numbers, of which there are `left` more. */
struct delta_item {
	struct reader in;
	uint64_t left;
	enum delta_way way;
};

static uint64_t next(struct delta_item *it)
{
	if (!it->left)
		it->in.bad = true;
	if (it->in.bad)
		return 0;
	it->left--;
	return get_uv(&it->in);
}

static int64_t next_signed(struct delta_item *it)
{
	return signed_of(next(it));
}

/* By how much something grows here. */
static uint64_t growth(struct delta_item *it)
{
	uint64_t v = (uint64_t)next_signed(it);
	return it->way == DELTA_BACK ? 0 - v : v;
}

/* An index below n; -1: there is none. */
static int index_below(struct delta_item *it, int n)
{
	uint64_t i = next(it);
	return !it->in.bad && i < (uint64_t)n ? (int)i : -1;
}

/* The fields that have grown; those that are not known are left. */
static bool grow(struct delta_item *it, uint64_t *v, int nfields)
{
	uint64_t which = next(it) & ((UINT64_C(1) << nfields) - 1);
	uint64_t n = (uint64_t)__builtin_popcountll(which);
	if (n > it->left)
		return false;
	it->left -= n;
	for (; which; which &= which - 1) {
		uint64_t more = (uint64_t)signed_of(get_uv(&it->in));
		v[__builtin_ctzll(which)] += it->way == DELTA_BACK ? 0 - more : more;
	}
	return !it->in.bad;
}

/* ---- things ---- */

static uint64_t growth_of(int was, uint64_t now)
{
	return now > (uint64_t)was ? now - (uint64_t)was : 0;
}

/* Whatever is counted has an item of its own, but for a few that are all zero. */
static bool apply_counts(struct snapmem *to, struct delta_item *it, size_t may_grow)
{
	uint64_t v[FIELDS_MAX];
	next(it);
	count_numbers(&to->s, v);
	if (!grow(it, v, COUNT_FIELDS) || v[1] > SNAP_GS_MAX || v[3] > SNAP_STACKS_MAX ||
		growth_of(to->s.ngs, v[1]) + growth_of(to->s.nstacks, v[3]) > may_grow)
		return false;
	return take_counts(to, v);
}

static bool apply_regs(struct snapmem *to, struct delta_item *it)
{
	int i = index_below(it, to->s.nms);
	return i >= 0 && grow(it, to->s.ms[i].regs, to->s.arch->nregs);
}

static bool apply_m(struct snapmem *to, struct delta_item *it)
{
	uint64_t v[FIELDS_MAX];
	int i = index_below(it, to->s.nms);
	if (i < 0)
		return false;
	m_numbers(&to->s.ms[i], v);
	return grow(it, v, M_FIELDS) && take_m(to, i, v);
}

static bool apply_history(struct snapmem *to, struct delta_item *it)
{
	uint64_t v[FIELDS_MAX];
	int i = index_below(it, to->s.nms);
	if (i < 0)
		return false;
	history_numbers(&to->s.ms[i].departure, v);
	return grow(it, v, HISTORY_FIELDS) && take_history(to, i, v);
}

static bool apply_g(struct snapmem *to, struct delta_item *it)
{
	uint64_t v[FIELDS_MAX];
	int i = index_below(it, to->s.ngs);
	if (i < 0)
		return false;
	g_numbers(&to->s.gs[i], v);
	return grow(it, v, G_FIELDS) && take_g(to, i, v);
}

static bool apply_p(struct snapmem *to, struct delta_item *it)
{
	uint64_t v[FIELDS_MAX];
	int i = index_below(it, to->s.nps);
	if (i < 0)
		return false;
	p_numbers(&to->s.ps[i], v);
	return grow(it, v, P_FIELDS) && take_p(to, i, v);
}

static bool apply_stack(struct snapmem *to, struct delta_item *it)
{
	uint64_t v[FIELDS_MAX];
	int i = index_below(it, to->s.nstacks);
	if (i < 0)
		return false;
	stack_numbers(&to->s.stacks[i], v);
	return grow(it, v, STACK_FIELDS) && take_stack(to, i, v);
}

/* ---- words ---- */

/* All numbers that are left, onto so many words. */
static bool grow_words(struct delta_item *it, uint64_t *words, uint64_t n, uint64_t at)
{
	if (at > n || it->left > n - at)
		return false;
	for (uint64_t i = at; it->left && !it->in.bad; i++)
		words[i] += growth(it);
	return !it->in.bad;
}

static bool apply_words(struct snapmem *to, struct delta_item *it)
{
	int i = index_below(it, to->s.nstacks);
	uint64_t at = next(it);
	if (i < 0)
		return false;
	struct stack_image *st = &to->s.stacks[i];
	return grow_words(it, st->words, (st->hi - st->from) / 8, at);
}

static bool apply_chain(struct snapmem *to, struct delta_item *it)
{
	int i = index_below(it, to->s.nms);
	uint64_t at = next(it);
	return i >= 0 && grow_words(it, &to->s.ms[i].departure.chain.rec[0].fp, CHAIN_WORDS, at);
}

/* Each word that comes to be held, or is not any more, is told with by how much it grows then. */
static bool apply_hold(struct snapmem *to, struct delta_item *it)
{
	int i = index_below(it, to->s.nstacks);
	int64_t more = (int64_t)growth(it);
	uint64_t n = more < 0 ? 0 - (uint64_t)more : (uint64_t)more;
	if (i < 0 || it->left != n)
		return false;
	struct stack_image *st = &to->s.stacks[i];
	if (n > (more < 0 ? st->hi - st->from : st->from - st->lo) / 8)
		return false;
	if (more > 0 && n > to->words_max - to->nwords)
		return false;
	if (more > 0)
		snapmem_hold(to, i, st->from - 8 * n);
	bool ok = grow_words(it, st->words, n, 0);
	if (more < 0)
		snapmem_let_go(to, i, st->from + 8 * n);
	return ok;
}

/* ---- lists ---- */

/* Who has left a list, and who has come: all that is left of an item says it. */
struct change {
	uint64_t *left, *came, nleft, ncame;
};

/* How many, and these; false: they are not so many. */
static bool next_entries(struct delta_item *it, uint64_t **entries, uint64_t *n)
{
	*n = next(it);
	if (it->in.bad || *n > it->left)
		return false;
	*entries = xmalloc((*n + 1) * sizeof **entries);
	for (uint64_t k = 0; k < *n; k++)
		(*entries)[k] = (uint64_t)next_signed(it);
	return !it->in.bad;
}

/* To be freed, in any case. Taken back, those who came are those who leave. */
static bool next_change(struct delta_item *it, struct change *c)
{
	*c = (struct change){0};
	return next_entries(it, &c->left, &c->nleft) && next_entries(it, &c->came, &c->ncame);
}

static void change_free(struct change *c)
{
	free(c->left);
	free(c->came);
}

/* How long a list of n is then; false: not so many can leave it. */
static bool changed_length(const struct change *c, enum delta_way way, uint64_t *n)
{
	uint64_t fewer = way == DELTA_BACK ? c->ncame : c->nleft;
	uint64_t more = way == DELTA_BACK ? c->nleft : c->ncame;
	if (fewer > *n)
		return false;
	*n = *n - fewer + more;
	return true;
}

static void copy_entries(uint64_t *to, const uint64_t *from, uint64_t n)
{
	if (n)
		memcpy(to, from, n * sizeof *to);
}

/* Forward they leave at the head and come at the tail; back the other way round. To be freed. */
static uint64_t *changed(
	const uint64_t *was, uint64_t n, const struct change *c, enum delta_way way)
{
	bool back = way == DELTA_BACK;
	uint64_t stay = n - (back ? c->ncame : c->nleft);
	uint64_t *to = xmalloc((stay + (back ? c->nleft : c->ncame) + 1) * sizeof *to);
	if (back) {
		copy_entries(to, c->left, c->nleft);
		copy_entries(to + c->nleft, was, stay);
	} else {
		if (stay)
			copy_entries(to, was + c->nleft, stay);
		copy_entries(to + stay, c->came, c->ncame);
	}
	return to;
}

/* which: 0 the global queue, 1 + i that of P number i. */
static bool change_queue(struct snapmem *to, int which, const struct change *c, enum delta_way way)
{
	struct p_state *p = which ? &to->s.ps[which - 1] : NULL;
	const uint64_t room = p ? sizeof p->q / sizeof p->q[0] : SNAP_GS_MAX;
	uint64_t was_n = (uint64_t)(p ? p->nq : to->s.nglobal), n = was_n;
	if (!changed_length(c, way, &n) || n > room)
		return false;
	uint64_t *was = xmalloc((was_n + 1) * sizeof *was);
	for (uint64_t k = 0; k < was_n; k++)
		was[k] = (uint64_t)(p ? p->q : to->s.global)[k];
	uint64_t *now = changed(was, was_n, c, way);
	if (p)
		p->nq = (int)n;
	else
		snapmem_resize_global(to, (int)n);
	for (uint64_t k = 0; k < n; k++)
		(p ? p->q : to->s.global)[k] = (int)(int64_t)now[k];
	free(was);
	free(now);
	return true;
}

static bool apply_queue(struct snapmem *to, struct delta_item *it)
{
	struct change c;
	int which = index_below(it, 1 + to->s.nps);
	bool ok = next_change(it, &c) && which >= 0 && change_queue(to, which, &c, it->way);
	change_free(&c);
	return ok;
}

/* ---- what Gs wait for ---- */

static bool is_empty(const struct wait_object *o)
{
	bool empty = wait_entries(o) == 0;
	for (int i = 0; i < WAIT_NUMBERS; i++)
		empty &= o->number[i] == 0;
	return empty;
}

/* One comes, or goes: in order, each once. */
static bool apply_wait(struct snapmem *to, struct delta_item *it)
{
	int64_t more = (int64_t)growth(it);
	uint64_t kind = next(it), addr = next(it);
	bool is_there;
	if (it->in.bad || kind >= WAIT_KINDS)
		return false;
	const struct waits *w = &to->s.waits;
	int place = wait_place(w, kind, addr, &is_there);
	if (more == 1 && !is_there && w->n < WAITS_MAX)
		snapmem_add_wait(to, place, kind, addr);
	else if (more == -1 && is_there && is_empty(&w->object[place]))
		snapmem_drop_wait(to, place);
	else
		return false;
	return true;
}

static bool apply_numbers(struct snapmem *to, struct delta_item *it)
{
	uint64_t v[FIELDS_MAX];
	int i = index_below(it, to->s.waits.n);
	if (i < 0)
		return false;
	wait_numbers(&to->s.waits.object[i], v);
	return grow(it, v, WAIT_FIELDS) && take_wait(to, i, v);
}

static bool change_list(
	struct snapmem *to, int i, int list, const struct change *c, enum delta_way way)
{
	const struct waits *w = &to->s.waits;
	struct wait_object o = w->object[i];
	uint64_t was = (uint64_t)o.n[list], n = was;
	if (!changed_length(c, way, &n) || n > WAIT_ENTRIES_MAX)
		return false;
	o.n[list] = (int)n;
	if (!wait_is_sound(&o) || (uint64_t)w->nentries - was + n > WAIT_ENTRIES_MAX)
		return false;
	uint64_t *now = changed(wait_list(w, &o, list), was, c, way);
	snapmem_set_wait_list(to, i, list, now, (int)n);
	free(now);
	return true;
}

static bool apply_list(struct snapmem *to, struct delta_item *it)
{
	struct change c;
	int i = index_below(it, to->s.waits.n);
	uint64_t list = next(it);
	bool ok = next_change(it, &c) && i >= 0;
	if (ok && list < WAIT_LISTS) /* else it is of a newer g0scope */
		ok = change_list(to, i, (int)list, &c, it->way);
	change_free(&c);
	return ok;
}

/* ---- damage ---- */

static bool next_sentence(struct delta_item *it, char *to)
{
	for (int k = 0; k < SNAP_DAMAGE_LEN; k++) {
		uint64_t c = next(it);
		if (it->in.bad || c > UINT8_MAX)
			return false;
		to[k] = (char)c;
		if (!c)
			return true;
	}
	return false;
}

static bool next_sentences(struct delta_item *it, char (*to)[SNAP_DAMAGE_LEN], int *n)
{
	uint64_t count = next(it);
	if (count > SNAP_DAMAGE_MAX)
		return false;
	for (*n = 0; (uint64_t)*n < count; ++*n)
		if (!next_sentence(it, to[*n]))
			return false;
	return !it->in.bad;
}

static bool apply_damage(struct snapmem *to, struct delta_item *it)
{
	char was[SNAP_DAMAGE_MAX][SNAP_DAMAGE_LEN], now[SNAP_DAMAGE_MAX][SNAP_DAMAGE_LEN];
	int nwas, nnow;
	if (!next_sentences(it, was, &nwas) || !next_sentences(it, now, &nnow))
		return false;
	bool back = it->way == DELTA_BACK;
	to->s.ndamage = back ? nwas : nnow;
	memcpy(to->s.damage, back ? was : now, (size_t)to->s.ndamage * sizeof to->s.damage[0]);
	return true;
}

/* ---- all items ---- */

static bool apply(struct snapmem *to, char letter, struct delta_item *it, size_t may_grow)
{
	switch (letter) {
	case ITEM_COUNTS: return apply_counts(to, it, may_grow);
	case ITEM_REGS: return apply_regs(to, it);
	case ITEM_M: return apply_m(to, it);
	case ITEM_G: return apply_g(to, it);
	case ITEM_P: return apply_p(to, it);
	case ITEM_HISTORY: return apply_history(to, it);
	case ITEM_CHAIN: return apply_chain(to, it);
	case ITEM_QUEUE: return apply_queue(to, it);
	case ITEM_STACK: return apply_stack(to, it);
	case ITEM_HOLD: return apply_hold(to, it);
	case ITEM_WORDS: return apply_words(to, it);
	case ITEM_WAIT: return apply_wait(to, it);
	case ITEM_NUMBERS: return apply_numbers(to, it);
	case ITEM_LIST: return apply_list(to, it);
	case ITEM_DAMAGE: return apply_damage(to, it);
	default: return true; /* of a newer g0scope */
	}
}

/* One item, which `in` is behind then. */
static bool apply_next(
	struct snapmem *to, char letter, struct reader *in, enum delta_way way, size_t may_grow)
{
	struct delta_item it = {.left = get_uv(in), .way = way};
	it.in = *in;
	bool ok = !in->bad && apply(to, letter, &it, may_grow);
	*in = it.in;
	get_uvs(in, it.left);
	return ok && !in->bad;
}

static bool go_forward(struct snapmem *to, struct reader in, size_t may_grow)
{
	while (!reader_done(&in))
		if (!apply_next(to, (char)get_u8(&in), &in, DELTA_FORWARD, may_grow))
			return false;
	return true;
}

/* Where its first `most` items begin; returns how many there are. */
static size_t find_items(struct reader *in, const uint8_t **at, size_t most)
{
	size_t n = 0;
	for (; !reader_done(in); n++) {
		if (n < most)
			at[n] = in->p;
		get_u8(in);
		get_uvs(in, get_uv(in));
	}
	return n;
}

/* The items have to be found from the front, and are taken back from the last one on. */
static bool go_back(struct snapmem *to, struct reader in, size_t may_grow)
{
	enum { FEW = 32 };
	const uint8_t *few[FEW], **at = few;
	struct reader all = in;
	size_t n = find_items(&in, few, FEW);
	bool ok = !in.bad;
	if (ok && n > FEW) {
		at = xmalloc(n * sizeof *at);
		in = all;
		find_items(&in, at, n);
	}
	while (ok && n--) {
		struct reader one = {.p = at[n], .end = all.end};
		ok = apply_next(to, (char)get_u8(&one), &one, DELTA_BACK, may_grow);
	}
	if (at != few)
		free(at);
	return ok;
}

/* By how many things a delta of so many bytes may make a state larger. */
static size_t worth(struct reader in)
{
	enum { FREE = 64 };
	return FREE + (size_t)(in.end - in.p);
}

bool delta_apply_to_end(struct snapmem *to, struct reader *in)
{
	size_t may_grow = worth(*in);
	for (char letter; (letter = (char)get_u8(in)) != ITEM_END;)
		if (!apply_next(to, letter, in, DELTA_FORWARD, may_grow))
			return false;
	return !in->bad;
}

bool delta_apply(struct snapmem *to, struct reader in, enum delta_way way)
{
	size_t may_grow = worth(in);
	if (in.bad)
		return false;
	return way == DELTA_FORWARD ? go_forward(to, in, may_grow) : go_back(to, in, may_grow);
}
