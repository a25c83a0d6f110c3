/* SPDX-License-Identifier: MIT */
/*
 * Whole screens against files: the moment of moment.h, before and after, at the sizes that
 * matter. One that fails leaves what it drew and prints the command that shows the
 * difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "moment.h"
#include "view/cells.h"
#include "view_tests.h"

static const struct screen {
	const char *name, *policy;
	int cols, rows, step;
	const char *keys[4];
} screens[] = {
	{"own-118x38", "keep", 118, 38, 2, {NULL}},
	{"idle-118x38", "keep", 118, 38, 3, {NULL}},
	{"chimera-80x24", "keep", 80, 24, 7, {NULL}},
	{"chimera-118x38", "keep", 118, 38, 7, {NULL}},
	{"chimera-200x60", "keep", 200, 60, 7, {NULL}},
	{"clear-118x38", "clear", 118, 38, 7, {NULL}},
	{"m1-118x38", "keep", 118, 38, 7, {"m", "C-l"}},
	{"stacks-80x24", "keep", 80, 24, 7, {"Tab"}},
	{"code-80x24", "keep", 80, 24, 7, {"Tab", "Tab"}},
	{"lists-80x24", "keep", 80, 24, 7, {"Tab", "Tab", "Tab"}},
	{"scrolled-80x24", "keep", 80, 24, 7, {"Up", "Up"}},
};

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 16);
	if (f) {
		text[fread(text, 1, (1 << 16) - 1, f)] = '\0';
		fclose(f);
	}
	return text;
}

static char *draw(const struct screen *g)
{
	struct session *s = session_new(moment_timeline(g->policy), NULL);
	struct grid grid = {0};
	struct cells c = {0};
	timeline_seek(s->tl, g->step);
	for (int i = 0; i < 4 && g->keys[i]; i++) {
		session_key(s, g->keys[i]);
		show(&grid, s, g->cols, g->rows);
	}
	show(&grid, s, g->cols, g->rows);
	cells_draw(&c, &grid, false);
	char *text = cells_text(&c);
	cells_free(&c);
	grid_free(&grid);
	session_close(s);
	return text;
}

static void the_screen_is_as_filed(void **state)
{
	const struct screen *g = *state;
	char path[160], out[160];
	const char *dir = getenv("O") ? getenv("O") : "build";
	snprintf(path, sizeof path, "tests/view/golden/%s.txt", g->name);
	snprintf(out, sizeof out, "%s/%s.out", dir, g->name);
	char *want = read_file(path), *got = draw(g);
	bool same = strcmp(want, got) == 0;
	if (!same) {
		mkdir(dir, 0755);
		FILE *f = fopen(out, "w");
		if (f) {
			fputs(got, f);
			fclose(f);
		}
	}
	free(want);
	free(got);
	if (!same)
		fail_msg("diff -u %s %s   # and if that is what it should be: cp %s %s", path, out,
			out, path);
}

int test_golden(void)
{
	enum { N = sizeof screens / sizeof *screens };
	struct CMUnitTest tests[N];
	for (int i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){
			screens[i].name, the_screen_is_as_filed, NULL, NULL, (void *)&screens[i]};
	return cmocka_run_group_tests_name("golden screens", tests, NULL, NULL);
}
