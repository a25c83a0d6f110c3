/* SPDX-License-Identifier: MIT */
/*
 * Every lesson, stepped for real, at each of its stops, looked at from each M at a dozen sizes: what
 * the stop is about can be seen. Of a link that is no plain call both ends have their lines, and its
 * arrow goes from one to the other; where a stack is on another pane, words say where the link
 * leads. Of a report that is wrong the first false frame is there, in the report and in its box.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene/draw.h"
#include "scene/facts.h"
#include "view_tests.h"

static const struct size {
	int cols, rows;
} sizes[] = {{80, 24}, {80, 40}, {100, 30}, {118, 38}, {120, 40}, {132, 43}, {160, 50}, {200, 60},
	{240, 70}, {80, 60}, {110, 24}, {109, 24}};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* One picture of one stop. */
struct view {
	const char *lesson;
	int stop;
	struct facts f;
	struct scene sc;
	int missing; /* in all pictures so far */
};

static const struct draw *drawn(const struct view *v, uint32_t id)
{
	for (size_t i = 0; i < v->sc.n; i++)
		if (v->sc.draws[i].id == id)
			return &v->sc.draws[i];
	return NULL;
}

/* What is missing is printed, the first of it: a change of the mechanism may lose hundreds. */
static void miss(struct view *v, int m, int rec, enum link l, const char *what)
{
	enum { TOLD = 20 };
	const struct snapshot *now = v->f.at.now;
	if (v->missing++ < TOLD || getenv("G0_ALL_MISSING"))
		print_error("%s stop %d, %dx%d, from M%d: M%d's %s link of record %d: %s\n",
			v->lesson, v->stop, v->sc.cols, v->sc.rows, now->ms[v->f.focus].id,
			now->ms[m].id, link_name(l), rec, what);
}

static bool is_boxed(const struct view *v, int stack)
{
	return stack >= 0 && drawn(v, draw_id(TAG_STACK, v->f.at.now->stacks[stack].hi, 0));
}

static const struct draw *word(const struct view *v, uint64_t addr)
{
	return drawn(v, draw_id(TAG_ADDR, addr, 0));
}

/* The line that a link starts from: a word's, a register's, or in the list. */
static const struct draw *line_of(const struct view *v, int stack, bool reg, uint64_t addr)
{
	uint64_t hi = v->f.at.now->stacks[stack].hi;
	if (!is_boxed(v, stack))
		return drawn(v, draw_id(TAG_LIST, hi, 0));
	return reg ? drawn(v, draw_id(TAG_REGISTER, hi, 0)) : word(v, addr);
}

static bool is_told(const struct view *v, uint32_t id, enum link l, int there)
{
	char name[16];
	const struct draw *d = drawn(v, id);
	if (!d)
		return false;
	return strstr(d->text, link_name(l)) ||
	       (there >= 0 && strstr(d->text, snap_stack_name(v->f.at.now, there, name)));
}

/* Beside the word or the register, or for whom one looks at in the report. */
static bool is_in_words(const struct view *v, int m, int rec, enum link l, int here, int there)
{
	const struct chain *c = &v->f.answers[m].chain;
	uint32_t label = rec < 0 ? draw_id(TAG_REGISTER, v->f.at.now->stacks[here].hi, 2)
				 : draw_id(TAG_LABEL, c->rec[rec].fp, 0);
	return is_told(v, label, l, there) ||
	       (m == v->f.focus && is_told(v, draw_id(TAG_REPORT, rec + 3, 1), l, there));
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
	const struct draw *from = line_of(v, here, rec < 0, rec < 0 ? 0 : c->rec[rec].fp);
	const struct draw *end = there < 0 ? NULL : line_of(v, there, false, to);
	const struct draw *arrow = drawn(v, draw_id(TAG_LINK, ms->id, rec + 1));
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
	const struct draw *line = drawn(v, draw_id(TAG_REPORT, i + 2, 0));
	if (m == v->f.focus && (!line || strncmp(line->text, "✗ ", strlen("✗ ")) != 0))
		miss(v, m, i, r->link, "the first false frame is not in the report");
	if (is_boxed(v, r->stack) && (!word(v, r->fp) || !word(v, r->fp + 8)))
		miss(v, m, i, r->link, "the first false frame is not in its box");
}

static void check_picture(struct view *v, struct session *s, int cols, int rows)
{
	facts_gather(&v->f, s);
	scene_build(&v->sc, s, cols, rows);
	for (int m = 0; m < v->f.at.now->nms; m++) {
		if (v->f.at.now->ms[m].exited)
			continue;
		for (int rec = -1; rec < v->f.answers[m].chain.n; rec++)
			check_link(v, m, rec);
		check_report(v, m);
	}
	facts_free(&v->f);
}

static void check_stop(struct view *v, struct session *s)
{
	const struct snapshot *now = timeline_now(s->tl);
	for (int m = 0; m < now->nms; m++) {
		if (now->ms[m].exited)
			continue;
		session_act(s, (struct act){ACT_CHOOSE_M, now->ms[m].id, -1});
		for (int i = 0; i < SIZES; i++)
			check_picture(v, s, sizes[i].cols, sizes[i].rows);
	}
}

static void check_lesson(struct view *v, const struct lesson_entry *e)
{
	char err[1024] = "";
	struct session *s = session_open(e->path, NULL, NULL, err, sizeof err);
	v->lesson = e->name;
	if (!s)
		fail_msg("%s", err);
	for (v->stop = 1; v->stop <= s->lesson->nstops; v->stop++) {
		if (!session_goto_stop(s, v->stop - 1, err, sizeof err))
			fail_msg("%s", err);
		check_stop(v, s);
	}
	session_close(s);
}

static void what_a_stop_is_about_is_shown(void **state)
{
	(void)state;
	struct view v = {0};
	struct lesson_entry *list;
	int n = lesson_list(&list), lessons = 0;
	for (int i = 0; i < n; i++)
		if (list[i].path && list[i].program) {
			check_lesson(&v, &list[i]);
			lessons++;
		}
	lesson_list_free(list, n);
	scene_free(&v.sc);
	assert_true(lessons > 0);
	if (v.missing)
		fail_msg("%d missing, see above; G0_ALL_MISSING=1 for all", v.missing);
}

int test_lessons(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_stop_is_about_is_shown),
	};
	return cmocka_run_group_tests_name("lessons", tests, NULL, NULL);
}
