/* SPDX-License-Identifier: MIT */
/* Whatever a program writes and things are called, a picture holds glyphs and nothing else. */
#include <stdlib.h>

#include "model/text.h"
#include "grid_tests.h"

#define FFFD "\xef\xbf\xbd"

static struct session *that_wrote(const char *text, size_t n)
{
	struct session *s = moment_session(MOMENT_LAST);
	recording_add_output((struct recording *)timeline_recording(s->tl), text, n);
	return s;
}

/* The lines of the page that has the output, from its third on. */
static void page_has(const char *text, size_t n, int rows, const char *const *want)
{
	struct grid g = {0};
	struct session *s = that_wrote(text, n);
	size_t at = 0;
	session_key(s, "o");
	show(&g, s, 80, rows);
	for (int i = 0; want[i]; i++) {
		while (at < g.n && g.draws[at].y != i + 2)
			at++;
		assert_true(at < g.n);
		assert_string_equal(g.draws[at].text, want[i]);
		assert_int_equal(g.draws[at].w, text_width(want[i]));
	}
	grid_free(&g);
	session_close(s);
}

#define PAGE(rows, text, ...)                                                                      \
	page_has(text, sizeof text - 1, rows, (const char *const[]){__VA_ARGS__, NULL})

static void the_output_page(void **state)
{
	(void)state;
	PAGE(24, "a\xc3(b\nnext line\n", "a" FFFD "(b", "next line");
	PAGE(24, "zero\0in it\nand after\n", "zero\\x00in it", "and after");
	PAGE(24, "\x1b[2J\r\nname\tvalue\nn\t1\n", "\\x1b[2J", "name    value", "n       1");
	PAGE(24, "日本\tx\n", "日本    x");
	/* As many as there is room for, from the end. */
	PAGE(24, "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\n",
		"1", "2", "3");
}

/* What is longer than its line ends in dots, and no glyph is halved. */
static void a_long_line_is_cut(void **state)
{
	(void)state;
	static const char wide[] = "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語"
				   "日本語日本語日本語日本語";
	struct grid g = {0};
	struct session *s = that_wrote(wide, sizeof wide - 1);
	session_key(s, "o");
	for (int cols = 80; cols <= 90; cols++) {
		show(&g, s, cols, 24);
		const struct draw *d = &g.draws[1];
		assert_int_equal(d->y, 2);
		assert_int_equal(d->w, text_width(d->text));
		assert_true(d->w <= cols - 2 && d->w >= (cols - 2 < 84 ? cols - 3 : 84));
	}
	grid_free(&g);
	session_close(s);
}

/* A character of which a step has written but the first bytes counts to the next. */
static void a_character_over_two_steps(void **state)
{
	(void)state;
	struct moment_state t;
	moment_start(&t);
	struct recording *r = moment_recording(&t, "keep");
	moment_step(r, &t, 0, 0x401641, NULL, 0, NULL);
	recording_add_output(r, "a\xe2", 2);
	moment_step(r, &t, 0, 0x401647, NULL, 0, NULL);
	recording_add_output(r, "\x82\xac.\xc3", 4);
	struct session *s = session_new(timeline_replay(r), NULL);
	timeline_seek(s->tl, 1);
	char *told = story_step(s);
	assert_non_null(strstr(told, "written by this step:\n  a\n"));
	free(told);
	timeline_seek(s->tl, 2);
	told = story_step(s);
	assert_non_null(
		strstr(told, "before this step:\n  a\nwritten by this step:\n  €." FFFD "\n"));
	free(told);
	session_close(s);
}

/* A program, its functions, files and source lines, and a reason to wait, of the worst kind. */
static struct session *odd_session(void)
{
	static const char source[] = "\tint\tx\x1b[31m; /* \xff */\r\n";
	struct code *c = code_new();
	FUNCTION(c, "sche\x1b[2Jdule\xff", 0x401200,
		"src/\x9b"
		"2J.c",
		1, -1, AT(0, 1, 4, 8), "push   %rbp", "mov    %rsp,%rbp", "sub    $32,%rsp",
		"mov    0x18(%rax),%rdx");
	for (size_t i = 0; i < 4; i++)
		code_add_source(c,
			"src/\x9b"
			"2J.c",
			source, sizeof source - 1);
	struct moment_state t;
	struct recording_info info = {
		"bin/two\x1b[31m", "ke\x1b", 2, 0, "amd64", 0, false, 0, "", 0};
	moment_start(&t);
	t.ms[0].regs[RIP] = t.ms[1].regs[RIP] = 0x401200;
	strcpy(t.gs[1].waitreason, "chan\x1b]0;title\a");
	t.gs[1].status = GS_WAITING;
	strcpy(t.s.damage[t.s.ndamage++], "allm \x1b[2J");
	struct recording *r = recording_new(&info, &t.s, c);
	recording_set_end(r, RUN_CRASHED, "killed at \x1b[2J\xff");
	return session_new(timeline_replay(r), NULL);
}

static void nothing_steers_the_terminal(void **state)
{
	(void)state;
	static const char *const want[] = {"two\\x1b[31m", "sche\\x1b[2Jdule" FFFD,
		"src/" FFFD "2J.c:1", "int x\\x1b[31m; /* " FFFD " */", "chan\\x1b]0;title\\x07",
		"killed at \\x1b[2J" FFFD, "DAMAGED: allm \\x1b[2J"};
	struct grid g = {0};
	struct session *s = odd_session();
	bool seen[sizeof want / sizeof *want] = {0};
	strcpy(s->message, "\x1b[2J is no step");
	for (int pane = 0; pane < 6; pane++, session_key(s, "Tab")) {
		show(&g, s, 200, 60);
		for (size_t i = 0; i < g.n; i++) {
			char *shown = text_shown(g.draws[i].text, strlen(g.draws[i].text));
			assert_string_equal(shown, g.draws[i].text);
			free(shown);
			for (size_t k = 0; k < sizeof want / sizeof *want; k++)
				seen[k] = seen[k] || strstr(g.draws[i].text, want[k]);
		}
	}
	for (size_t k = 0; k < sizeof want / sizeof *want; k++)
		if (!seen[k])
			fail_msg("nothing says \"%s\"", want[k]);
	char *told = story_step(s);
	assert_null(strchr(told, '\x1b'));
	assert_null(strchr(told, '\x9b'));
	free(told);
	grid_free(&g);
	session_close(s);
}

int test_outside(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_output_page),
		cmocka_unit_test(a_long_line_is_cut),
		cmocka_unit_test(a_character_over_two_steps),
		cmocka_unit_test(nothing_steers_the_terminal),
	};
	return cmocka_run_group_tests_name("outside", tests, NULL, NULL);
}
