/* SPDX-License-Identifier: MIT */
/* A place in the source, wherever it is shown: of a path that is too long the end stays. */
#include <stdlib.h>

#include "scene/facts.h"
#include "grid_tests.h"

static void says(const char *file, int line, int w, size_t n, const char *want)
{
	char buf[64];
	struct code_line l = {.file = file, .line = line};
	assert_string_equal(file_line_words(&l, w, buf, n), want);
}

static void a_path_keeps_its_end(void **state)
{
	(void)state;
	says("src/proc.c", 86, 13, 64, "src/proc.c:86");
	says("src/proc.c", 86, 12, 64, "…/proc.c:86");
	says("/long/way/to/src/main.c", 22, 17, 64, "…/src/main.c:22");
	says("/long/way/to/src/main.c", 22, 14, 64, "…/main.c:22");
	/* No '/' where one could cut; and nothing of the path. */
	says("/long/way/to/src/main.c", 22, 9, 64, "…ain.c:22");
	says("/long/way/to/src/main.c", 22, 1, 64, "…:22");
	says("", 3, 20, 64, ":3");
	says(NULL, 3, 20, 64, "");
	/* Characters, whole ones, where it is the bytes that there is no room for. */
	says("/ø/ø/ø/ø.c", 1, 64, 15, "…/ø/ø.c:1");
	says("øøøøøøøø.c", 1, 64, 13, "…øø.c:1");
}

/* The moment, with its sources below a folder of so many characters. */
static struct session *in_a_folder(int long_by)
{
	struct code *plain = moment_functions("mcall_keep"), *c = code_new();
	char *folder = malloc(long_by + 1), file[512];
	for (int i = 0; i < long_by; i++)
		folder[i] = i % 8 ? 'd' : '/';
	folder[long_by] = '\0';
	for (size_t i = 0; i < code_count(plain); i++) {
		struct code_line l = *code_nth(plain, i);
		snprintf(file, sizeof file, "%s/%s", folder, l.file);
		l.file = file;
		code_add(c, &l);
	}
	free(folder);
	code_free(plain);
	struct moment_state t;
	struct recording_info info = {
		"examples/stale_link", "keep", 2, 0, "amd64", 0, false, 0, "", 0};
	moment_start(&t);
	struct recording *r = recording_new(&info, &t.s, c);
	moment_step(r, &t, 0, 0x401641, NULL, 0, NULL);
	return session_new(timeline_replay(r), NULL);
}

static bool shown(struct session *s, int cols, int rows, const char *words)
{
	struct grid g = {0};
	bool seen = false;
	show(&g, s, cols, rows);
	for (size_t i = 0; i < g.n; i++)
		seen = seen || (g.draws[i].kind == DRAW_TEXT && strstr(g.draws[i].text, words));
	grid_free(&g);
	return seen;
}

/* In the title of the code, in the line of the last step, and in the story. */
static void wherever_it_is_shown(void **state)
{
	(void)state;
	for (int long_by = 0; long_by < 400; long_by += 7) {
		struct session *s = in_a_folder(long_by);
		timeline_seek(s->tl, 1);
		assert_true(shown(s, 118, 38, "mcall_keep.S:18"));
		assert_true(shown(s, 118, 38, "mcall_keep.S:16)"));
		assert_true(shown(s, 200, 60, "/amd64/mcall_keep.S:18"));
		char *told = story_step(s);
		assert_non_null(strstr(told, "mcall_keep.S:16)"));
		free(told);
		session_close(s);
	}
}

int test_place(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_keeps_its_end),
		cmocka_unit_test(wherever_it_is_shown),
	};
	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
