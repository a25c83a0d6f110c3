/* SPDX-License-Identifier: MIT */
/*
 * dump --json: the facts of a step, one object a line. Its shape is fixed, as other tools read it
 * (docs/g0scope.1.scd); the functions stand in the order of its keys.
 */
#include "export.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json_vars.h"
#include "jsonw.h"
#include "model/event.h"
#include "model/moment.h"
#include "model/xalloc.h"

/* A step being written, and its answers, one for each M. */
struct line {
	struct jsonw j;
	struct export_more more;
	struct moment at;
	struct answer *answers;
	char *sym; /* the last one put */
	size_t sym_cap;
};

static void put_hex(struct line *x, const char *key, uint64_t v)
{
	json_key(&x->j, key);
	json_hex(&x->j, v);
}

/* l: what was found for pc, NULL nothing. The name is whole. */
static void put_symbol(struct line *x, const struct code_line *l, uint64_t pc, bool is_ret)
{
	size_t n = (l && l->sym ? strlen(l->sym) : 0) + CODE_SYMBOL_MORE;
	x->sym = xgrow(x->sym, &x->sym_cap, n, 1);
	json_key(&x->j, "sym");
	json_str(&x->j, code_symbol(l, pc, is_ret, x->sym, n));
}

static void put_sym(struct line *x, uint64_t pc, bool is_ret)
{
	put_symbol(x, is_ret ? code_ret(moment_code(&x->at), pc) : code_at(moment_code(&x->at), pc),
		pc, is_ret);
}

static void put_stack_name(struct line *x, int stack)
{
	char name[16];
	json_key(&x->j, "stack");
	json_str(&x->j, stack < 0 ? NULL : snap_stack_name(x->at.now, stack, name));
}

static void put_bounds(struct line *x, int stack)
{
	put_hex(x, "lo", x->at.now->stacks[stack].lo);
	put_hex(x, "hi", x->at.now->stacks[stack].hi);
}

/* What was executed: nothing yet at step 0. */
static void put_executed(struct line *x)
{
	struct jsonw *j = &x->j;
	int64_t step = x->at.now->step;
	const struct event *e = moment_event(&x->at);
	uint64_t pc = moment_pc(&x->at);
	const struct code_line *l = step ? code_at(moment_code(&x->at), pc) : NULL;

	json_key(j, "step");
	json_int(j, step);
	json_key(j, "m");
	json_id(j, x->at.now->last_m, -1);
	json_key(j, "event");
	json_str(j, e ? event_names[e->id] : NULL);
	json_key(j, "pc");
	if (step) {
		json_hex(j, pc);
		put_symbol(x, l, pc, false);
	} else {
		json_null(j);
		json_key(j, "sym");
		json_null(j);
	}
	json_key(j, "file");
	json_str(j, l ? l->file : NULL);
	json_key(j, "line");
	json_id(j, l && l->file ? l->line : 0, 0);
	json_key(j, "insn");
	json_str(j, l && l->text[0] ? l->text : NULL);
}

/*
 * What came before it from outside, in this order: {"signal": M} or {"ns": N} each. Absent where
 * nothing did.
 */
static void put_before(struct line *x)
{
	const struct before before = moment_before(&x->at);

	if (!before.n)
		return;
	json_key(&x->j, "before");
	json_open(&x->j, '[');
	for (size_t i = 0; i < before.n; i++) {
		bool signal = before.turns[i].kind == TURN_SIGNAL;
		json_open(&x->j, '{');
		json_key(&x->j, signal ? "signal" : "ns");
		json_int(&x->j, signal ? before.turns[i].m : before.turns[i].n);
		json_close(&x->j, '}');
	}
	json_close(&x->j, ']');
}

static void put_chain(struct line *x, const struct chain *ch)
{
	json_key(&x->j, "chain");
	json_open(&x->j, '[');
	for (int i = 0; i < ch->n; i++) {
		json_open(&x->j, '{');
		put_hex(x, "fp", ch->rec[i].fp);
		put_hex(x, "ret", ch->rec[i].ret);
		put_sym(x, ch->rec[i].ret, ch->rec[i].is_ret);
		put_stack_name(x, ch->rec[i].stack);
		json_key(&x->j, "link");
		json_str(&x->j, link_name(ch->rec[i].link));
		json_close(&x->j, '}');
	}
	json_close(&x->j, ']');
}

/* The functions' names alone. */
static void put_truth(struct line *x, const struct truth *t)
{
	json_key(&x->j, "truth");
	json_open(&x->j, '[');
	for (int i = 0; i < t->n; i++) {
		const struct true_frame *f = &t->frame[i];
		const struct code_line *l = f->is_ret ? code_ret(moment_code(&x->at), f->pc)
						      : code_at(moment_code(&x->at), f->pc);
		if (l && l->sym)
			json_str(&x->j, l->sym);
		else
			json_hex(&x->j, f->pc);
	}
	json_close(&x->j, ']');
}

/* The stack that SP is in: "g0", "gsignal", "G7", null. */
static void put_on(struct line *x, const struct m_state *m)
{
	char name[16];
	int stack = snap_stack_of_sp(x->at.now, m_sp(x->at.now, m));
	json_key(&x->j, "on");
	if (stack == m->g0_stack)
		json_str(&x->j, "g0");
	else if (stack >= 0 && x->at.now->stacks[stack].kind == STACK_SIGNAL)
		json_str(&x->j, "gsignal");
	else
		json_str(&x->j, stack < 0 ? NULL : snap_stack_name(x->at.now, stack, name));
}

static void put_m(struct line *x, const struct m_state *m, const struct answer *a)
{
	struct jsonw *j = &x->j;

	json_open(j, '{');
	json_key(j, "id");
	json_int(j, m->id);
	put_hex(x, "pc", m_pc(x->at.now, m));
	put_sym(x, m_pc(x->at.now, m), false);
	put_hex(x, "sp", m_sp(x->at.now, m));
	put_hex(x, "fp", m_fp(x->at.now, m));
	put_on(x, m);
	json_key(j, "curg");
	json_id(j, m->curg, 0);
	json_key(j, "g0");
	json_open(j, '{');
	put_bounds(x, m->g0_stack);
	json_close(j, '}');
	json_key(j, "asleep");
	json_bool(j, m->asleep);
	json_key(j, "exited");
	json_bool(j, m->exited);
	json_key(j, "verdict");
	json_str(j, m->exited ? NULL : verdict_name(a->verdict));
	put_chain(x, &a->chain);
	put_truth(x, &a->truth);
	if (x->more.vars)
		json_put_vars(j, &x->at, m, &a->truth);
	json_close(j, '}');
}

static void put_g(struct line *x, const struct g_state *g)
{
	struct jsonw *j = &x->j;

	json_open(j, '{');
	json_key(j, "id");
	json_int(j, g->id);
	json_key(j, "status");
	json_str(j, status_name(g->status));
	json_key(j, "m");
	json_id(j, g->m, -1);
	put_stack_name(x, g->stack);
	put_bounds(x, g->stack);
	json_close(j, '}');
}

static void put_ids(struct jsonw *j, const char *key, const int *ids, int n)
{
	json_key(j, key);
	json_open(j, '[');
	for (int i = 0; i < n; i++)
		json_int(j, ids[i]);
	json_close(j, ']');
}

static void put_runq(struct line *x)
{
	struct jsonw *j = &x->j;

	json_key(j, "runq");
	json_open(j, '{');
	put_ids(j, "global", x->at.now->global, x->at.now->nglobal);
	json_key(j, "p");
	json_open(j, '[');
	for (int i = 0; i < x->at.now->nps; i++) {
		const struct p_state *p = &x->at.now->ps[i];
		json_open(j, '{');
		json_key(j, "id");
		json_int(j, p->id);
		json_key(j, "runnext");
		json_id(j, p->runnext, 0);
		put_ids(j, "q", p->q, p->nq);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void put_wait_number(struct jsonw *j, enum wait_form form, uint64_t number)
{
	switch (form) {
	case WAIT_HEX: json_hex(j, number); break;
	case WAIT_BOOL: json_bool(j, number); break;
	default: json_int(j, (int64_t)number);
	}
}

static void put_wait(struct line *x, const struct waits *w, const struct wait_object *o)
{
	struct jsonw *j = &x->j;
	const struct wait_words *of = wait_words(o->kind);

	json_open(j, '{');
	json_key(j, "kind");
	json_str(j, of->name);
	put_hex(x, "addr", o->addr);
	for (int i = 0; i < WAIT_NUMBERS && of->number[i].name; i++) {
		json_key(j, of->number[i].name);
		put_wait_number(j, of->number[i].form, o->number[i]);
	}
	for (int i = 0; i < WAIT_LISTS && of->list[i].name; i++) {
		json_key(j, of->list[i].name);
		json_open(j, '[');
		for (int k = 0; k < o->n[i]; k++)
			put_wait_number(j, of->list[i].form, wait_list(w, o, i)[k]);
		json_close(j, ']');
	}
	json_close(j, '}');
}

/* Absent where there is none. */
static void put_waits(struct line *x)
{
	const struct waits *w = &x->at.now->waits;

	if (!w->n)
		return;
	json_key(&x->j, "waits");
	json_open(&x->j, '[');
	for (int i = 0; i < w->n; i++)
		put_wait(x, w, &w->object[i]);
	json_close(&x->j, ']');
}

/* Likewise. */
static void put_damage(struct line *x)
{
	if (!x->at.now->ndamage)
		return;
	json_key(&x->j, "damage");
	json_open(&x->j, '[');
	for (int i = 0; i < x->at.now->ndamage; i++)
		json_str(&x->j, x->at.now->damage[i]);
	json_close(&x->j, ']');
}

static void put_wrote(struct line *x)
{
	int n = 0;
	const struct word_write *w = moment_writes(&x->at, &n);

	json_key(&x->j, "wrote");
	json_open(&x->j, '[');
	for (int i = 0; i < n; i++) {
		json_open(&x->j, '{');
		put_hex(x, "addr", w[i].addr);
		put_hex(x, "old", w[i].old);
		put_hex(x, "new", w[i].now);
		put_stack_name(x, snap_stack_at(x->at.now, w[i].addr));
		json_close(&x->j, '}');
	}
	json_close(&x->j, ']');
}

/*
 * Only where there is any. As text, and where that does not say which bytes these were, in hex too:
 * some are no text, or a character of it began in another step or goes on there.
 */
static void put_output(struct line *x)
{
	size_t n, ntext;
	const char *bytes = recording_written(x->at.r, x->at.now->step, &n);
	const char *text = recording_written_text(x->at.r, x->at.now->step, &ntext);

	if (!n)
		return;
	json_key(&x->j, "output");
	bool exact = json_text(&x->j, text, ntext);
	if (exact && text == bytes && ntext == n)
		return;
	json_key(&x->j, "output_hex");
	json_bytes(&x->j, bytes, n);
}

/* Where a stack's live part begins, or the lowest record that a chain goes to, if that is below. */
static uint64_t words_from(const struct line *x, int stack)
{
	const struct stack_image *st = &x->at.now->stacks[stack];
	uint64_t lo = live_from(x->at.now, x->answers, stack);

	for (int i = 0; i < x->at.now->nms; i++)
		for (int k = 0; k < x->answers[i].chain.n; k++) {
			const struct record *r = &x->answers[i].chain.rec[k];
			if (r->stack == stack && r->fp < lo)
				lo = r->fp;
		}
	lo &= ~(uint64_t)7;
	return lo > st->from ? lo : st->from;
}

static void put_words(struct line *x)
{
	struct jsonw *j = &x->j;

	json_key(j, "words");
	json_open(j, '{');
	for (int i = 0; i < x->at.now->nstacks; i++) {
		char name[16];
		const struct stack_image *st = &x->at.now->stacks[i];
		uint64_t lo = words_from(x, i);
		json_key(j, snap_stack_name(x->at.now, i, name));
		json_open(j, '{');
		put_hex(x, "lo", lo);
		json_key(j, "hex");
		json_open(j, '[');
		for (; lo < st->hi; lo += 8)
			json_hex(j, st->words[(lo - st->from) / 8]);
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void put_line(struct line *x)
{
	struct jsonw *j = &x->j;

	json_open(j, '{');
	put_executed(x);
	put_before(x);
	json_key(j, "ms");
	json_open(j, '[');
	for (int i = 0; i < x->at.now->nms; i++)
		put_m(x, &x->at.now->ms[i], &x->answers[i]);
	json_close(j, ']');
	json_key(j, "gs");
	json_open(j, '[');
	for (int i = 0; i < x->at.now->ngs; i++)
		put_g(x, &x->at.now->gs[i]);
	json_close(j, ']');
	put_runq(x);
	put_waits(x);
	put_damage(x);
	put_wrote(x);
	put_output(x);
	if (x->more.words)
		put_words(x);
	json_close(j, '}');
	fputc('\n', j->f);
	j->comma = false;
}

bool export_json(const struct recording *r, const struct export_more *more, int64_t only, FILE *out)
{
	struct line x = {.j = {.f = out}, .more = *more, .at.r = r};
	int64_t last = only < 0 ? recording_last(r) : only;
	struct cursor *c = cursor_new(r);
	int why = 0;

	if (last > recording_last(r))
		last = recording_last(r);
	for (int64_t step = only < 0 ? 0 : last; step <= last && !why; step++) {
		x.at.now = cursor_seek(c, step);
		assert(x.at.now->step == step); /* no line twice */
		x.answers = xrealloc(x.answers, x.at.now->nms * sizeof *x.answers);
		for (int i = 0; i < x.at.now->nms; i++)
			moment_judge(&x.at, x.at.now->ms[i].id, &x.answers[i]);
		put_line(&x);
		if (ferror(out))
			why = errno;
	}
	if (!why && fflush(out) != 0)
		why = errno;
	free(x.answers);
	free(x.sym);
	cursor_free(c);
	errno = why;
	return !why;
}
