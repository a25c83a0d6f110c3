/* SPDX-License-Identifier: MIT */
/* What is sent to a terminal, picture by picture; tests/tui/cast.sh has what comes of it. */
#include "view/ansi.h"

#include <string.h>

#include "view_tests.h"

enum { COLS = 6, ROWS = 2 };

static void picture(struct cells *c, struct draw *draws, int n)
{
	struct grid grid = {.cols = COLS, .rows = ROWS, .n = n, .draws = draws};
	cells_draw(c, &grid, false);
}

static void sends(struct ansi *a, struct draw *draws, int n, const char *want)
{
	struct cells c = {0};
	picture(&c, draws, n);
	ansi_draw(a, &c);
	put_u8(&a->out, 0);
	assert_string_equal((const char *)a->out.p, want);
	cells_free(&c);
}

static struct draw text_at(int x, int y, const char *text, enum role role)
{
	struct draw d = {.kind = DRAW_TEXT, .x = x, .y = y, .w = COLS, .role = role, .owner = -1};
	strcpy(d.text, text);
	return d;
}

#define EMPTY "\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J"

/* First all of it, then what differs, be it a style. */
static void what_differs(void **state)
{
	(void)state;
	struct ansi a = {.colored = true};
	struct draw d[] = {text_at(1, 0, "abc", ROLE_TEXT), text_at(0, 1, "x", ROLE_BAD)};
	sends(&a, d, 2, EMPTY "\x1b[1;2H\x1b[0mabc\x1b[2;1H\x1b[0;1;38;5;166mx");
	sends(&a, d, 2, "");
	strcpy(d[0].text, "aBc");
	sends(&a, d, 2, "\x1b[1;3H\x1b[0mB");
	d[1].role = ROLE_GOOD;
	sends(&a, d, 2, "\x1b[2;1H\x1b[0;1;38;5;36mx");
	d[1].reverse = true;
	sends(&a, d, 2, "\x1b[2;1H\x1b[0;1;7;38;5;36mx");
	sends(&a, d, 1, "\x1b[2;1H\x1b[0m ");
	ansi_free(&a);
}

static void without_colour(void **state)
{
	(void)state;
	struct ansi a = {0};
	struct draw d[] = {text_at(0, 0, "x", ROLE_BAD), text_at(1, 0, "y", ROLE_STEP)};
	sends(&a, d, 2, EMPTY "\x1b[1;1H\x1b[0;1;7mx\x1b[0;4my");
	/* What colour alone would tell is not told again. */
	d[1].role = ROLE_WRITTEN;
	sends(&a, d, 2, "");
	ansi_free(&a);
}

/* It is sent whole, with whichever of its cells was another. */
static void wide_glyphs(void **state)
{
	(void)state;
	struct ansi a = {0};
	struct draw d[] = {text_at(0, 0, "a日b", ROLE_TEXT), text_at(1, 0, "", ROLE_TEXT)};
	sends(&a, d, 1, EMPTY "\x1b[1;1H\x1b[0ma日b");
	strcpy(d[0].text, "axyb");
	sends(&a, d, 1, "\x1b[1;2H\x1b[0mxy");
	strcpy(d[0].text, "aéyb");
	sends(&a, d, 1, "\x1b[1;2H\x1b[0mé");
	strcpy(d[0].text, "a語b");
	sends(&a, d, 1, "\x1b[1;2H\x1b[0m語");
	ansi_free(&a);
}

static void another_size(void **state)
{
	(void)state;
	struct ansi a = {0};
	struct draw d = text_at(0, 0, "x", ROLE_TEXT);
	struct grid grid = {.cols = COLS + 1, .rows = ROWS, .n = 1, .draws = &d};
	struct cells c = {0};
	sends(&a, &d, 1, EMPTY "\x1b[1;1H\x1b[0mx");
	cells_draw(&c, &grid, false);
	ansi_draw(&a, &c);
	assert_int_equal(a.out.n, strlen(EMPTY "\x1b[1;1H\x1b[0mx"));
	cells_free(&c);
	ansi_free(&a);
}

int test_ansi(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs),
		cmocka_unit_test(without_colour),
		cmocka_unit_test(wide_glyphs),
		cmocka_unit_test(another_size),
	};
	return cmocka_run_group_tests_name("ansi", tests, NULL, NULL);
}
