/* SPDX-License-Identifier: MIT */
/*
 * In every lesson, at each stop, from each M and at a dozen sizes, what the stop is about can be
 * seen. Of a link that is no plain call both ends have their lines, and its arrow goes from one to
 * the other; where a stack is on another pane, words say where the link leads. Of a report that is
 * wrong the first false frame is there, in the report and in its box.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid/grid.h"
#include "scene/ids.h"
#include "scene/look.h"
#include "tour.h"
#include "view_tests.h"

/* One picture of one stop. */
struct view {
	const char *where;
	struct facts f;
	struct grid grid;
	int missing; /* in all pictures so far */
};

static const struct draw *drawn(const struct view *v, struct thing_id id)
{
	for (size_t i = 0; i < v->grid.n; i++)
		if (thing_compare(v->grid.draws[i].id, id) == 0)
			return &v->grid.draws[i];
	return NULL;
}

/* What is missing is printed, the first of it: a change of the mechanism may lose hundreds. */
static void miss(struct view *v, int m, int rec, enum link l, const char *what)
{
	enum { TOLD = 20 };
	const struct snapshot *now = v->f.at.now;
	if (v->missing++ < TOLD || getenv("G0_ALL_MISSING"))
		print_error("%s, %dx%d: M%d's %s link of record %d: %s\n", v->where, v->grid.cols,
			v->grid.rows, now->ms[m].id, link_name(l), rec, what);
}

static bool is_boxed(const struct view *v, int stack)
{
	return stack >= 0 && drawn(v, stack_id(&v->f, TAG_STACK, stack));
}

static const struct draw *word(const struct view *v, int stack, uint64_t addr)
{
	return drawn(v, word_id(&v->f, TAG_WORD, stack, addr, WORD_ADDRESS));
}

/* The line of a word, or in the list that of its stack. */
static const struct draw *line_of(const struct view *v, int stack, uint64_t addr)
{
	if (!is_boxed(v, stack))
		return drawn(v, stack_id(&v->f, TAG_LISTED, stack));
	return word(v, stack, addr);
}

/* The line that a link starts from: a word's, or the register's. */
static const struct draw *start_of(const struct view *v, int m, int rec, int stack)
{
	if (rec >= 0 || !is_boxed(v, stack))
		return line_of(v, stack, rec < 0 ? 0 : v->f.answers[m].chain.rec[rec].fp);
	return drawn(v, thing_of(TAG_REGISTER, v->f.at.now->ms[m].id, WORD_ADDRESS));
}

static bool is_told(const struct view *v, struct thing_id id, enum link l, int there)
{
	char name[16];
	const struct draw *d = drawn(v, id);
	if (!d)
		return false;
	/* In a narrow box "wild" may be cut, but for its mark. */
	const char *mark = link_look(l)->mark;
	return strstr(d->text, link_name(l)) || (there < 0 && *mark && strstr(d->text, mark)) ||
	       (there >= 0 && strstr(d->text, snap_stack_name(v->f.at.now, there, name)));
}

/* Beside the word or the register, or for whom one looks at in the report. */
static bool is_in_words(const struct view *v, int m, int rec, enum link l, int here, int there)
{
	const struct chain *c = &v->f.answers[m].chain;
	struct thing_id label = thing_of(TAG_REGISTER, v->f.at.now->ms[m].id, WORD_LABEL);
	if (rec >= 0)
		label = word_id(&v->f, TAG_WORD, here, c->rec[rec].fp, WORD_LABEL);
	if (is_told(v, label, l, there))
		return true;
	return m == v->f.focus && rec + 1 < c->n &&
	       is_told(v, record_id(&v->f, TAG_REPORT, m, rec + 1, REPORT_ENTERED), l, there);
}

static void check_link(struct view *v, int m, int rec)
{
	const struct chain *c = &v->f.answers[m].chain;
	const struct m_state *ms = &v->f.at.now->ms[m];
	enum link l = chain_link(c, rec);
	int here = rec < 0 ? m_stack(&v->f, ms) : c->rec[rec].stack;
	uint64_t to = 0;
	if (l == LINK_CALL || l == LINK_TOP || here < 0)
		return;
	int there = link_target(&v->f, c, rec, &to);
	const struct draw *from = start_of(v, m, rec, here);
	const struct draw *end = there < 0 ? NULL : line_of(v, there, to);
	const struct draw *arrow = drawn(v, record_id(&v->f, TAG_LINK, m, rec, 0));
	bool words = is_in_words(v, m, rec, l, here, there);
	if (!from && is_boxed(v, here))
		miss(v, m, rec, l, "the word that it starts from is not shown");
	if (!end && is_boxed(v, there))
		miss(v, m, rec, l, "the word that it leads to is not shown");
	if (!from || !end) {
		if (m == v->f.focus && !words)
			miss(v, m, rec, l, "it is not told in words");
		return;
	}
	if (!arrow && !(from == end && words))
		miss(v, m, rec, l, "there is no arrow");
	else if (arrow && arrow->points[0].y != from->y)
		miss(v, m, rec, l, "the arrow starts from another line");
	else if (arrow && arrow->points[arrow->npoints - 1].y != end->y)
		miss(v, m, rec, l, "the arrow leads to another line");
}

/* The first false frame of what is reported of each M; the one looked at has its report shown. */
static void check_report(struct view *v, int m)
{
	const struct chain *c = &v->f.answers[m].chain;
	int i = chain_first_false(c);
	if (i == c->n)
		return;
	const struct record *r = &c->rec[i];
	const struct draw *line = drawn(v, record_id(&v->f, TAG_REPORT, m, i, REPORT_FRAME));
	if (m == v->f.focus && (!line || strncmp(line->text, "✗ ", strlen("✗ ")) != 0))
		miss(v, m, i, r->link, "the first false frame is not in the report");
	if (is_boxed(v, r->stack) && (!word(v, r->stack, r->fp) || !word(v, r->stack, r->fp + 8)))
		miss(v, m, i, r->link, "the first false frame is not in its box");
}

static void check_picture(struct view *v, struct session *s, int cols, int rows)
{
	facts_gather(&v->f, s);
	show(&v->grid, s, cols, rows);
	for (int m = 0; m < v->f.at.now->nms; m++) {
		if (v->f.at.now->ms[m].exited)
			continue;
		for (int rec = -1; rec < v->f.answers[m].chain.n; rec++)
			check_link(v, m, rec);
		check_report(v, m);
	}
	facts_free(&v->f);
}

static void check_stop(void *ctx, struct session *s, const char *where)
{
	struct view *v = ctx;
	v->where = where;
	for (int i = 0; i < TOUR_SIZES; i++)
		check_picture(v, s, tour_sizes[i].cols, tour_sizes[i].rows);
}

static void what_a_stop_is_about_is_shown(void **state)
{
	(void)state;
	struct view v = {0};
	tour(check_stop, &v);
	grid_free(&v.grid);
	if (v.missing)
		fail_msg("%d missing, see above; G0_ALL_MISSING=1 for all", v.missing);
}

/* The panes of a picture, laid out as far as anybody has asked. */
struct panes {
	struct scene sc;
	const struct size *size;
	int n;
	struct grid grid[128];
};

/* Whether any pane has this thing. */
static bool on_a_pane(struct panes *p, struct thing_id id)
{
	for (int i = 0; i < (int)(sizeof p->grid / sizeof *p->grid); i++) {
		p->sc.at.pane = i;
		if (i == p->n)
			grid_build(&p->grid[p->n++], &p->sc, p->size->cols, p->size->rows);
		for (size_t k = 0; k < p->grid[i].n; k++)
			if (thing_compare(p->grid[i].draws[k].id, id) == 0)
				return true;
	}
	return false;
}

/* Each stack has a box somewhere, each reported and each true frame a line if a page holds them. */
static void tab_shows_all(void *ctx, struct session *s, const char *where)
{
	struct panes *p = ctx;
	scene_build(&p->sc, s);
	for (int size = 0; size < TOUR_SIZES; size++) {
		p->size = &tour_sizes[size];
		p->n = 0;
		for (size_t i = 0; i < p->sc.n; i++) {
			const struct thing *t = &p->sc.things[i];
			/* What is around a pane takes at most ten lines. */
			bool asked =
				t->id.tag == TAG_STACK ||
				((t->id.tag == TAG_REPORT || t->id.tag == TAG_TRUTH) &&
					thing_count(&p->sc, t->id.tag, 0) <= p->size->rows - 10);
			if (asked && !on_a_pane(p, t->id))
				fail_msg("%s, %dx%d: tag %d of M%d, %llx is on no pane", where,
					p->size->cols, p->size->rows, t->id.tag, t->id.id,
					(unsigned long long)t->id.address);
		}
	}
}

static void what_has_no_room_is_on_another_pane(void **state)
{
	(void)state;
	static struct panes p;
	tour(tab_shows_all, &p);
	scene_free(&p.sc);
	for (size_t i = 0; i < sizeof p.grid / sizeof *p.grid; i++)
		grid_free(&p.grid[i]);
}

int test_lessons(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_stop_is_about_is_shown),
		cmocka_unit_test(what_has_no_room_is_on_another_pane),
	};
	return cmocka_run_group_tests_name("lessons", tests, NULL, NULL);
}
