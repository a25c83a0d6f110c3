/* SPDX-License-Identifier: MIT */
/* A scene made by hand becomes characters. */
#include "view/cells.h"

#include <stdlib.h>
#include <string.h>

#include "moment.h"
#include "scene/look.h"
#include "view_tests.h"

static void is_drawn_as(struct draw *draws, int n, int cols, int rows, bool ascii, const char *want)
{
	struct grid grid = {.cols = cols, .rows = rows, .n = n, .draws = draws};
	struct cells c = {0};
	cells_draw(&c, &grid, ascii);
	char *got = cells_text(&c);
	assert_string_equal(got, want);
	free(got);
	cells_free(&c);
}

static void a_box_with_its_title(void **state)
{
	(void)state;
	struct draw d[] = {{.kind = DRAW_BOX, .w = 9, .h = 3, .text = "g0"},
		{.kind = DRAW_TEXT, .x = 2, .y = 1, .w = 5, .text = "…d930"}};
	is_drawn_as(d, 2, 10, 4, false, "┌ g0 ───┐\n│ …d930 │\n└───────┘\n\n");
	is_drawn_as(d, 2, 10, 4, true, "+ g0 ---+\n| ~d930 |\n+-------+\n\n");
}

static void lines_join(void **state)
{
	(void)state;
	struct draw d[] = {{.kind = DRAW_BOX, .w = 5, .h = 3},
		{.kind = DRAW_LINK, .link = LINK_CALL, .npoints = 2, .points = {{2, 1}, {8, 1}}},
		{.kind = DRAW_LINK,
			.link = LINK_FOREIGN,
			.npoints = 2,
			.points = {{0, 2}, {8, 2}}}};
	is_drawn_as(d, 2, 9, 3, false, "┌───┐\n│ ──┼───▶\n└───┘\n");
	is_drawn_as(d, 3, 9, 3, false, "┌───┐\n│ ──┼───▶\n╘═══╧═══▶\n");
}

static void links_differ_without_colour(void **state)
{
	(void)state;
	static const struct {
		enum link link;
		const char *want;
	} cases[] = {
		{LINK_CALL, "─┐\n │\n └──────▶\n"},
		{LINK_OWN, "═╗\n ║\n ╚══════▷\n"},
		{LINK_IDLE, "┄┐\n ┆\n └┄┄┄┄┄┄▷\n"},
		{LINK_FOREIGN, "═╗\n ║\n ╚══✗═══▶\n"},
		{LINK_FREED, "═╗\n ║\n ╚══†═══▶\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct draw d = {.kind = DRAW_LINK,
			.link = cases[i].link,
			.npoints = 4,
			.points = {{0, 0}, {1, 0}, {1, 2}, {8, 2}}};
		strcpy(d.text, link_look(cases[i].link)->mark);
		is_drawn_as(&d, 1, 9, 3, false, cases[i].want);
	}
}

/* A head stays a head where the next link of a chain begins. */
static void heads_are_not_covered(void **state)
{
	(void)state;
	struct draw d[] = {{.kind = DRAW_LINK,
				   .link = LINK_CALL,
				   .npoints = 4,
				   .points = {{1, 0}, {0, 0}, {0, 2}, {1, 2}}},
		{.kind = DRAW_LINK,
			.link = LINK_CALL,
			.npoints = 4,
			.points = {{1, 2}, {0, 2}, {0, 4}, {1, 4}}}};
	is_drawn_as(d, 2, 3, 5, false, "┌─\n│\n├▶\n│\n└▶\n");
}

static void the_bar_has_its_marks(void **state)
{
	(void)state;
	struct draw d = {.kind = DRAW_BAR,
		.w = 13,
		.h = 1,
		.nmarks = 3,
		.marks = {{0, 's'}, {1000, 'f'}, {500, 'c'}}};
	is_drawn_as(&d, 1, 13, 1, false, "├◆━━━━●────✗┤\n");
}

/* Whatever comes to lie on one half of a wide glyph, the other half is a blank. */
static void wide_glyphs_have_two_cells(void **state)
{
	(void)state;
	struct draw d[] = {{.kind = DRAW_BOX, .w = 10, .h = 3, .text = "日本"},
		{.kind = DRAW_TEXT, .x = 2, .y = 1, .w = 6, .text = "日e\u0301本x"},
		{.kind = DRAW_TEXT, .x = 3, .y = 1, .w = 1, .text = "|"},
		{.kind = DRAW_TEXT, .x = 4, .y = 1, .w = 2, .text = "語"}};
	is_drawn_as(d, 2, 10, 3, false, "┌ 日本 ──┐\n│ 日e\u0301本x │\n└────────┘\n");
	is_drawn_as(d, 2, 10, 3, true, "+ ? ?  --+\n| ? e? x |\n+--------+\n");
	is_drawn_as(d, 3, 10, 3, false, "┌ 日本 ──┐\n│  |e\u0301本x │\n└────────┘\n");
	is_drawn_as(d, 4, 10, 3, false, "┌ 日本 ──┐\n│  |語 x │\n└────────┘\n");
}

static void what_is_outside_is_cut(void **state)
{
	(void)state;
	struct draw d[] = {{.kind = DRAW_BOX, .x = -2, .y = -1, .w = 9, .h = 9},
		{.kind = DRAW_TEXT, .x = 3, .y = 1, .w = 9, .text = "…abcdef"},
		{.kind = DRAW_LINK, .link = LINK_CALL, .npoints = 2, .points = {{-5, 0}, {50, 0}}}};
	is_drawn_as(d, 3, 5, 2, false, "─────\n   …a\n");
}

static void ascii_is_ascii(void **state)
{
	(void)state;
	static const char *const keys[] = {"Tab", "Tab", "?", "Space", "x", "o"};
	struct session *s = session_new(moment_timeline("keep"), NULL);
	for (int64_t step = 0; step <= MOMENT_LAST; step++)
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
			struct grid grid = {0};
			struct cells c = {0};
			timeline_seek(s->tl, step);
			session_key(s, keys[k]);
			show(&grid, s, 118, 38);
			cells_draw(&c, &grid, true);
			char *text = cells_text(&c);
			for (const char *t = text; *t; t++)
				assert_true((*t >= ' ' && *t < 127) || *t == '\n');
			assert_null(strchr(text, '`'));
			free(text);
			cells_free(&c);
			grid_free(&grid);
		}
	session_close(s);
}

int test_cells(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_box_with_its_title),
		cmocka_unit_test(lines_join),
		cmocka_unit_test(links_differ_without_colour),
		cmocka_unit_test(heads_are_not_covered),
		cmocka_unit_test(the_bar_has_its_marks),
		cmocka_unit_test(wide_glyphs_have_two_cells),
		cmocka_unit_test(what_is_outside_is_cut),
		cmocka_unit_test(ascii_is_ascii),
	};
	return cmocka_run_group_tests_name("cells", tests, NULL, NULL);
}
