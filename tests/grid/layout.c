/* SPDX-License-Identifier: MIT */
/*
 * What holds of every scene, whatever the size and the step: all inside the screen, ids
 * unique and lasting.
 */
#include <limits.h>
#include <stdlib.h>

#include "grid/draw.h"
#include "grid_tests.h"

static void inside(const struct grid *g, const struct draw *d)
{
	int cells = 0;
	switch (d->kind) {
	case DRAW_LINK:
		assert_in_range(d->npoints, 2, LINK_POINTS_MAX);
		for (int i = 0; i < d->npoints; i++) {
			assert_in_range(d->points[i].x, 0, g->cols - 1);
			assert_in_range(d->points[i].y, 0, g->rows - 1);
			if (i)
				assert_true(d->points[i].x == d->points[i - 1].x ||
					    d->points[i].y == d->points[i - 1].y);
		}
		return;
	case DRAW_TEXT:
		for (const char *s = d->text; *s; s++)
			cells += (*s & 0xc0) != 0x80;
		assert_int_equal(cells, d->w);
		break;
	case DRAW_BAR:
		for (int i = 0; i < d->nmarks; i++)
			assert_in_range(d->marks[i].at, 0, 1000);
		break;
	case DRAW_BOX: break;
	}
	assert_true(d->x >= 0 && d->y >= 0 && d->w > 0 && d->h > 0);
	assert_true(d->x + d->w <= g->cols && d->y + d->h <= g->rows);
	assert_in_range(d->role, 0, ROLE_COUNT - 1);
}

static bool between(int x, int a, int b)
{
	return x >= (a < b ? a : b) && x <= (a < b ? b : a);
}

/* An arrow crosses a box's sides, and never lies on its frame. */
static void frames_are_whole(const struct grid *g, const struct draw *box)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct draw *d = &g->draws[i];
		for (int k = 0; d->kind == DRAW_LINK && k + 1 < d->npoints; k++) {
			struct point a = d->points[k], b = d->points[k + 1];
			bool over = a.x <= box->x + box->w - 1 && b.x <= box->x + box->w - 1 &&
				    a.x >= box->x && b.x >= box->x;
			assert_false(over && between(box->y, a.y, b.y));
			assert_false(over && between(box->y + box->h - 1, a.y, b.y));
		}
	}
}

/* Where a link says that it begins or ends at a box, there is one. */
static void edges_are_there(const struct grid *g, const struct draw *link)
{
	struct point ends[] = {link->points[0], link->points[link->npoints - 1]};
	int edges[] = {link->from_edge, link->to_edge};
	for (int k = 0; k < 2; k++) {
		bool there = edges[k] == 0;
		for (size_t i = 0; i < g->n && !there; i++) {
			const struct draw *b = &g->draws[i];
			there = b->kind == DRAW_BOX && between(ends[k].y, b->y, b->y + b->h - 1) &&
				(edges[k] > 0 ? b->x == ends[k].x + 1 : b->x + b->w == ends[k].x);
		}
		assert_true(there);
	}
	/* And one that has corners and no such end stays inside its box. */
	bool across = link->from_edge || link->to_edge;
	assert_true(across || link->npoints == 2 || link->points[0].x == link->points[3].x);
}

static int by_id(const void *a, const void *b)
{
	const struct thing_id *x = a, *y = b;
	return thing_compare(*x, *y);
}

static void unique_ids(const struct grid *g)
{
	struct thing_id *ids = calloc(g->n + 1, sizeof *ids);
	for (size_t i = 0; i < g->n; i++)
		ids[i] = g->draws[i].id;
	qsort(ids, g->n, sizeof *ids, by_id);
	for (size_t i = 1; i < g->n; i++)
		if (thing_compare(ids[i - 1], ids[i]) == 0)
			fail_msg("two things are tag %d, part %d, id %d, gen %d, address %llx",
				ids[i].tag, ids[i].part, ids[i].id, ids[i].gen,
				(unsigned long long)ids[i].address);
	free(ids);
}

static void check(struct grid *g, struct session *s, int cols, int rows)
{
	show(g, s, cols, rows);
	assert_int_equal(g->cols, cols);
	assert_int_equal(g->rows, rows);
	for (size_t i = 0; i < g->n; i++)
		inside(g, &g->draws[i]);
	for (size_t i = 0; i < g->n; i++)
		if (g->draws[i].kind == DRAW_BOX)
			frames_are_whole(g, &g->draws[i]);
		else if (g->draws[i].kind == DRAW_LINK)
			edges_are_there(g, &g->draws[i]);
	unique_ids(g);
}

static void nothing_is_outside_at_any_size(void **state)
{
	(void)state;
	struct grid g = {0};
	struct session *s = moment_session(MOMENT_LAST);
	for (int cols = 1; cols <= 250; cols += cols < 80 ? 13 : 7)
		for (int rows = 1; rows <= 80; rows += rows < 24 ? 5 : 1)
			check(&g, s, cols, rows);
	grid_free(&g);
	session_close(s);
}

/* At the usual sizes: every step, every pane, every M, pages, scrolled. */
static void nothing_is_outside_whatever_is_shown(void **state)
{
	(void)state;
	static const int sizes[][2] = {{80, 24}, {118, 38}, {200, 60}};
	static const char *const keys[] = {"Tab", "Tab", "m", "r", "Up", "Up", "Down", "Down",
		"Down", "Tab", "?", "Space", "Space", "Escape", "o", "o", "#", "3", "Enter", "F12"};
	struct grid g = {0};
	for (int i = 0; i < 3; i++)
		for (int64_t step = 0; step <= MOMENT_LAST; step++) {
			struct session *s = moment_session(step);
			for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
				check(&g, s, sizes[i][0], sizes[i][1]);
				session_key(s, keys[k]);
			}
			session_close(s);
		}
	grid_free(&g);
}

static const struct draw *find(const struct grid *g, enum draw_kind kind, const char *text)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->draws[i].kind == kind && strstr(g->draws[i].text, text))
			return &g->draws[i];
	fail_msg("nothing says \"%s\"", text);
	return NULL;
}

/* Below the Ms, as far as there is room, and what there is not is counted. */
static void damage_is_said_at_the_top(void **state)
{
	(void)state;
	static const struct {
		int cols;
		const char *said;
	} want[] = {
		{80, "DAMAGED: allgs[1] is G1 again (and many more) · and 2 more"},
		{100, "DAMAGED: allgs[1] is G1 again (and many more) · allm is a cycle at M0 · "
		      "and 1 more"},
		{140, "DAMAGED: allgs[1] is G1 again (and many more) · allm is a cycle at M0 · "
		      "G1000's stack from 0x10 to 0x8 can be none"},
	};
	struct grid g = {0};
	struct session *s = damaged_session();
	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		for (int rows = GRID_MIN_ROWS; rows <= 60; rows++) {
			check(&g, s, want[i].cols, rows);
			const struct draw *d = find(&g, DRAW_TEXT, "DAMAGED");
			assert_string_equal(d->text, want[i].said);
			assert_int_equal(d->y, 2);
			assert_int_equal(d->role, ROLE_ERROR);
		}
	grid_free(&g);
	session_close(s);
}

static const struct draw *by_same_id(const struct grid *g, const struct draw *d)
{
	for (size_t i = 0; i < g->n; i++)
		if (thing_compare(g->draws[i].id, d->id) == 0)
			return &g->draws[i];
	return NULL;
}

/*
 * From one step to the next most things are still there, and boxes and addresses are where
 * they were.
 */
static void things_stay_where_they_are(void **state)
{
	(void)state;
	struct session *s = moment_session(4);
	struct grid a = {0}, b = {0};
	size_t still = 0, boxes = 0;
	show(&a, s, 118, 38);
	timeline_seek(s->tl, 5);
	show(&b, s, 118, 38);
	for (size_t i = 0; i < a.n; i++) {
		const struct draw *x = &a.draws[i], *y = by_same_id(&b, x);
		if (!y)
			continue;
		still++;
		assert_int_equal(x->kind, y->kind);
		if (x->kind == DRAW_BOX) {
			boxes++;
			assert_memory_equal(&x->x, &y->x, 4 * sizeof x->x);
		} else if (x->kind == DRAW_TEXT && strncmp(x->text, "…d9", strlen("…d9")) == 0) {
			assert_int_equal(x->x, y->x);
			assert_int_equal(x->y, y->y);
		}
	}
	assert_int_equal(boxes, 3);
	assert_true(still > a.n * 3 / 4);
	grid_free(&a);
	grid_free(&b);
	session_close(s);
}

/* The links of one kind that the scene draws across boxes. */
static int links(const struct grid *g, enum link l)
{
	int n = 0;
	for (size_t i = 0; i < g->n; i++)
		n += g->draws[i].kind == DRAW_LINK && g->draws[i].link == l;
	return n;
}

static void the_link_changes_its_kind(void **state)
{
	(void)state;
	static const enum link kinds[] = {[1] = LINK_OWN,
		LINK_OWN,
		LINK_IDLE,
		LINK_FOREIGN,
		LINK_FOREIGN,
		LINK_FOREIGN,
		LINK_FOREIGN};
	struct grid g = {0};
	for (int step = 1; step <= MOMENT_LAST; step++) {
		struct session *s = moment_session(step);
		show(&g, s, 80, 24);
		for (int l = LINK_OWN; l <= LINK_WILD; l++)
			assert_int_equal(links(&g, l), l == (int)kinds[step]);
		session_close(s);
	}
	grid_free(&g);
}

static void under_clear_no_link_leaves_its_stack(void **state)
{
	(void)state;
	struct grid g = {0};
	struct session *s = session_new(moment_timeline("clear"), NULL);
	for (int step = 1; step <= MOMENT_LAST; step++) {
		timeline_seek(s->tl, step);
		show(&g, s, 118, 38);
		for (int l = LINK_TOP; l < LINK_COUNT; l++)
			assert_int_equal(links(&g, l), 0);
		assert_true(links(&g, LINK_CALL) > 0);
		assert_int_equal(timeline_first_foreign(s->tl, MOMENT_LAST + 1), -1);
	}
	grid_free(&g);
	session_close(s);
}

/* Tab is heard where there is nothing to turn to; and by every size from the same session. */
static void where_all_is_shown_tab_says_so(void **state)
{
	(void)state;
	struct grid g = {0};
	struct session *s = moment_session(MOMENT_LAST);
	session_key(s, "Tab");
	struct session before = *s;
	show(&g, s, 200, 60);
	find(&g, DRAW_TEXT, "all of it is on the screen");
	show(&g, s, 80, 24);
	find(&g, DRAW_TEXT, "quit");
	assert_memory_equal(&before, s, sizeof before);
	session_key(s, "End");
	show(&g, s, 200, 60);
	find(&g, DRAW_TEXT, "quit");
	grid_free(&g);
	session_close(s);
}

/* Help has as many pages as the screen needs; which of them is shown is said. */
static void help_counts_its_pages(void **state)
{
	(void)state;
	struct grid g = {0};
	struct session *s = moment_session(0);
	session_key(s, "?");
	show(&g, s, 80, 24);
	assert_non_null(strstr(g.draws[g.n - 1].text, "page 1 of 5"));
	session_key(s, "Space");
	show(&g, s, 80, 24);
	assert_non_null(strstr(g.draws[g.n - 1].text, "page 2 of 5"));
	grid_free(&g);
	session_close(s);
}

static void too_small_says_so(void **state)
{
	(void)state;
	struct grid g = {0};
	struct session *s = moment_session(0);
	show(&g, s, 79, 24);
	find(&g, DRAW_TEXT, "needs 80x24 characters; this screen has 79x24");
	grid_free(&g);
	session_close(s);
}

/* Which texts are a verdict is said by them, and how much of each. */
static void verdicts_are_marked(void **state)
{
	(void)state;
	struct grid g = {0};
	struct session *s = moment_session(MOMENT_LAST);
	int badges = 0;
	for (int cols = GRID_MIN_COLS; cols <= 200; cols += 20) {
		show(&g, s, cols, 38);
		badges = 0;
		for (size_t i = 0; i < g.n; i++) {
			const struct draw *d = &g.draws[i];
			if (!d->badge)
				continue;
			badges++;
			const char *name = verdict_name(
				d->id.tag == TAG_M && d->id.id ? VERDICT_VALID : VERDICT_CHIMERA);
			assert_int_equal(d->badge, strlen(name));
			assert_memory_equal(d->text, name, d->badge);
		}
		/* Each M's above, and that of M0 below. */
		assert_int_equal(badges, 3);
	}
	grid_free(&g);
	session_close(s);
}

static void the_first_foreign_link_is_marked(void **state)
{
	(void)state;
	struct grid g = {0};
	struct session *s = moment_session(0);
	/* A few steps each time, until it is found. */
	struct session *slow = moment_session(0);
	assert_int_equal(timeline_first_foreign(slow->tl, MOMENT_FOREIGN), -1);
	assert_int_equal(timeline_first_foreign(slow->tl, 1), MOMENT_FOREIGN);
	session_close(slow);
	assert_int_equal(timeline_first_foreign(s->tl, MOMENT_LAST + 1), MOMENT_FOREIGN);
	/* Wherever one looks, and whatever one has looked at. */
	for (int step = 0; step <= MOMENT_LAST; step += MOMENT_LAST) {
		timeline_seek(s->tl, step);
		show(&g, s, 118, 38);
		const struct draw *bar = find(&g, DRAW_BAR, "");
		assert_int_equal(bar->nmarks, 2);
		assert_int_equal(bar->marks[0].kind, 'f');
		assert_int_equal(bar->marks[0].at, MOMENT_FOREIGN * 1000 / MOMENT_LAST);
	}
	grid_free(&g);
	session_close(s);
}

/* A file may give things any numbers; this test is for the sanitizers. */
static void any_numbers_can_be_shown(void **state)
{
	(void)state;
	static const int numbers[] = {INT_MAX, INT_MIN, -1};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		int n = numbers[i];
		struct grid g = {0};
		struct moment_state t;
		struct recording_info info = {
			"any", "keep", n, UINT64_MAX, "amd64", 0, false, 0, "", 0};
		moment_start(&t);
		t.ps[1].id = t.ps[1].m = t.ps[1].runnext = t.ps[1].q[0] = n;
		t.ms[1].id = t.ms[1].curg = t.ms[1].p = n;
		t.gs[1].id = t.gs[1].m = t.stacks[1].id = n;
		struct session *s =
			session_new(timeline_replay(recording_new(&info, &t.s, code_new())), NULL);
		show(&g, s, 118, 38);
		s->pane = 2;
		show(&g, s, 80, 24);
		grid_free(&g);
		session_close(s);
	}
}

int test_layout(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_outside_at_any_size),
		cmocka_unit_test(nothing_is_outside_whatever_is_shown),
		cmocka_unit_test(damage_is_said_at_the_top),
		cmocka_unit_test(things_stay_where_they_are),
		cmocka_unit_test(the_link_changes_its_kind),
		cmocka_unit_test(under_clear_no_link_leaves_its_stack),
		cmocka_unit_test(where_all_is_shown_tab_says_so),
		cmocka_unit_test(help_counts_its_pages),
		cmocka_unit_test(too_small_says_so),
		cmocka_unit_test(verdicts_are_marked),
		cmocka_unit_test(the_first_foreign_link_is_marked),
		cmocka_unit_test(any_numbers_can_be_shown),
	};
	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
