/* SPDX-License-Identifier: MIT */
/* Reading lessons: what comes out, and that every mistake is named where it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson_tests.h"
#include "model/xalloc.h"

static const char whole[] = "Before the first stop.\n"
			    "\n"
			    "## One *stop*\n"
			    "\n"
			    "A paragraph of\n"
			    "two lines with `code` and [a link](https://example.org).\n"
			    "\n"
			    "* first\n"
			    "* second\n"
			    "\n"
			    "<!-- ask who\n"
			    "owns it -->\n"
			    "\n"
			    "```do\n"
			    "run M0 until event gosched G2\n"
			    "\n"
			    "run all for 12 steps\n"
			    "focus M1\n"
			    "```\n"
			    "\n"
			    "> clear: the chain ends\n"
			    "> here.\n"
			    "\n"
			    "```ask\n"
			    "Who called\n"
			    "mcall?\n"
			    "- work: it did\n"
			    "- `repaint`\n"
			    "answer: caller of mcall on M0\n"
			    "```\n"
			    "\n"
			    "```expect\n"
			    "verdict of M0 is STALE or CHIMERA\n"
			    "link of M0 is not unsound\n"
			    "```\n"
			    "```expect clear\n"
			    "never verdict is unsound\n"
			    "owner of G2 is nobody\n"
			    "event is gosched\n"
			    "```\n"
			    "## Two\n"
			    "```c\n"
			    "int x;\n"
			    "```\n";

static void whole_lesson(void **state)
{
	char err[512] = "";
	struct lesson *l = parse_with_front(whole, err, sizeof err);

	(void)state;
	assert_string_equal(err, "");
	assert_non_null(l);
	assert_string_equal(l->name, "t");
	assert_string_equal(l->title, "A test");
	assert_string_equal(l->mcall, "keep");
	assert_int_equal(l->procs, 2);
	assert_non_null(strstr(l->program, "/prog"));
	assert_string_equal(l->intro, "Before the first stop.");
	assert_int_equal(l->nstops, 2);
	assert_string_equal(l->stops[0].title, "One stop");
	assert_int_equal(l->stops[0].line, LESSON_FRONT_LINES + 3);
	assert_string_equal(l->stops[0].prose,
		"A paragraph of two lines with `code` and a link.\n\n- first\n- second");
	assert_string_equal(l->stops[0].notes, "ask who\nowns it");
	assert_string_equal(l->stops[0].prose_clear, "the chain ends here.");
	assert_string_equal(l->stops[1].title, "Two");
	assert_string_equal(l->stops[1].prose, "int x;");
	assert_null(l->stops[1].prose_clear);
	lesson_free(l);
}

static void whole_lesson_commands(void **state)
{
	char err[512];
	struct lesson *l = parse_with_front(whole, err, sizeof err);
	const struct lesson_stop *s = &l->stops[0];

	(void)state;
	assert_int_equal(s->ncmds, 3);
	assert_int_equal(s->cmds[0].kind, LCMD_RUN);
	assert_int_equal(s->cmds[0].m, 0);
	assert_int_equal(s->cmds[0].until.kind, COND_EVENT);
	assert_string_equal(s->cmds[0].until.words, "gosched");
	assert_int_equal(s->cmds[0].until.g, 2);
	assert_int_equal(s->cmds[0].line, LESSON_FRONT_LINES + 15);
	assert_int_equal(s->cmds[1].m, -1);
	assert_int_equal(s->cmds[1].until.kind, COND_STEPS);
	assert_int_equal(s->cmds[1].until.n, 12);
	assert_int_equal(s->cmds[2].kind, LCMD_FOCUS);
	assert_int_equal(s->cmds[2].m, 1);
	lesson_free(l);
}

static void what_comes_before_a_run(void **state)
{
	char err[512];
	struct lesson *l = parse_with_front(
		"## S\n```do\nrun !M1 @10ms M0 until asleep\nrun all for 2 steps\n```\n", err,
		sizeof err);

	(void)state;
	assert_non_null(l);
	const struct lesson_cmd *cmd = l->stops[0].cmds;
	assert_int_equal(cmd->m, 0);
	assert_int_equal(cmd->before.n, 2);
	assert_int_equal(cmd->before.turns[0].m, 1);
	assert_int_equal(cmd->before.turns[1].n, 10000000);
	assert_int_equal(cmd[1].before.n, 0);
	lesson_free(l);
}

static void whole_lesson_claims(void **state)
{
	char err[512];
	struct lesson *l = parse_with_front(whole, err, sizeof err);
	const struct lesson_stop *s = &l->stops[0];

	(void)state;
	assert_string_equal(s->question, "Who called mcall?");
	assert_int_equal(s->noptions, 2);
	assert_string_equal(s->options[1], "`repaint`");
	assert_int_equal(s->answer.kind, FACT_CALLER);
	assert_string_equal(s->answer.sym, "mcall");
	assert_int_equal(s->answer.id, 0);
	assert_int_equal(s->nexpects, 5);
	assert_string_equal(s->expects[0].what.words, "STALE CHIMERA");
	assert_string_equal(s->expects[0].policy, "");
	assert_true(s->expects[1].what.negated);
	assert_string_equal(s->expects[1].what.words, "idle foreign freed cycle wild");
	assert_string_equal(s->expects[2].policy, "clear");
	assert_true(s->expects[2].never);
	assert_int_equal(s->expects[2].what.fact.id, -1);
	assert_string_equal(s->expects[3].what.words, "nobody");
	assert_int_equal(s->expects[4].what.kind, COND_EVENT);
	lesson_free(l);
}

/* Nothing is cut: a name that is, would be another's. */
static void words_are_whole(void **state)
{
	char err[512] = "", word[301], *body;
	struct lesson *l;

	(void)state;
	memset(word, 'w', 300);
	word[300] = 0;
	body = xasprintf("## %s\n```do\nrun M0 until at %s\n```\n```ask\n%s\n- %s\n- x\n"
			 "answer: caller of %s on M0\n```\n"
			 "```expect\ncaller of %s on M0 is not %s or x\n```\n",
		word, word, word, word, word, word, word);
	l = parse_with_front(body, err, sizeof err);
	assert_string_equal(err, "");
	assert_string_equal(l->stops[0].title, word);
	assert_string_equal(l->stops[0].cmds[0].until.words, word);
	assert_int_equal(strlen(l->stops[0].cmds[0].text), strlen("run M0 until at ") + 300);
	assert_string_equal(l->stops[0].question, word);
	assert_string_equal(l->stops[0].options[0], word);
	assert_string_equal(l->stops[0].answer.sym, word);
	assert_string_equal(l->stops[0].expects[0].what.fact.sym, word);
	assert_int_equal(strlen(l->stops[0].expects[0].what.words), 302);
	lesson_free(l);
	free(body);
}

/*
 * A mistake in a stop's block, and the sentence it gets: "line:col: …", the line counted in
 * the body.
 */
struct mistake {
	const char *body, *says;
};

static const struct mistake mistakes[] = {
	{"## S\n```do\nrnu M0 until asleep\n```\n",
		"3:1: `rnu` is not a command; did you mean `run`?"},
	{"## S\n```do\nrun X0 until asleep\n```\n",
		"3:5: `X0` stands where an M, such as M0, should"},
	{"## S\n```do\nrun !G0 M0 until asleep\n```\n", "3:5: `!G0`: expected an M such as M0"},
	{"## S\n```do\nrun @5h M0 until asleep\n```\n", "3:5: `@5h`: expected ns, us, ms or s"},
	{"## S\n```do\nrun !M0\n```\n", "3:8: the line ends where an M, such as M0, should follow"},
	{"## S\n```do\nrun M0\n```\n", "3:7: the line ends where `until` should follow"},
	{"## S\n```do\nrun M0 until event goshed\n```\n",
		"3:20: `goshed` is not an event; did you mean `gosched`?"},
	{"## S\n```do\n  run M0 until event gosched G\n```\n",
		"3:30: `G` stands where a G, such as G1, should"},
	{"## S\n```do\nrun M0 until at f+x\n```\n",
		"3:17: `f+x`: an offset is a number of bytes, as in repaint+0x4"},
	{"## S\n```do\nrun M0 until chain of M0 is top\n```\n",
		"3:26: a chain has no name; `chain of M0 changes` can be waited for"},
	{"## S\n```do\nrun M0 until chain of M0 changes it\n```\n",
		"3:34: the line should end before `it`"},
	{"## S\n```expect\nstatus of G1 changes\n```\n",
		"3:14: `changes` stands where `is` should"},
	{"## S\n```do\nrun M0 for 0 steps\n```\n",
		"3:12: `0` stands where a number of steps should"},
	{"## S\n```do\nrun M0 until asleep now\n```\n", "3:21: the line should end before `now`"},
	{"## S\n```do\nfocus M0 M1\n```\n", "3:10: the line should end before `M1`"},
	{"## S\n```expect\nverdict M0 is VALID\n```\n", "3:9: `M0` stands where `of` should"},
	{"## S\n```expect\nverdict of M0 is valid\n```\n",
		"3:18: `valid` is not a verdict; did you mean `VALID`?"},
	{"## S\n```expect\nverdict is VALID\n```\n", "3:9: `is` stands where `of` should"},
	{"## S\n```expect\nlink of M0 is foriegn\n```\n",
		"3:15: `foriegn` is not a link; did you mean `foreign`?"},
	{"## S\n```expect\nowner of M0 is M1\n```\n",
		"3:10: `M0` stands where a G, such as G1, should"},
	{"## S\n```expect\nstatus of G1 is runable\n```\n",
		"3:17: `runable` is not a status; did you mean `runnable`?"},
	{"## S\n```expect clera\nevent is exit\n```\n",
		"2:11: `clera`: blocks are `do`, `ask`, `expect` and `expect POLICY`; did you mean "
		"`clear`?"},
	{"## S\n```exepct\n```\n", "2:4: `exepct` is not a block; did you mean `expect`?"},
	{"```do\nfocus M0\n```\n", "1:4: a block before the first stop; a `##` heading opens one"},
	/* md4c may go on all the same. */
	{"```do\nfocus M0\n```\n\nmore\n\n## S\n",
		"1:4: a block before the first stop; a `##` heading opens one"},
	{"## S\n```ask\nWhat?\n- a\nanswer: owner of G1\n```\n",
		"2:4: a question is its text and at least two options `- …`"},
	{"## S\n```ask\nWhat?\n- a\n- b\n```\n",
		"2:4: a question needs a line `answer: …`, to be looked up in memory, such as "
		"`answer: caller of mcall on M0`"},
	{"## S\n```ask\nWhat?\n- a\n- b\nmore\n```\n",
		"6:1: after the options only `answer: …` may follow; an option starts `- `"},
	{"# Title\n",
		"1:3: a heading of level 1; only `##`, one a stop: the lesson's title is in the "
		"front matter"},
	{"## S\n\n> said\n",
		"3:3: a quote that does not start with `clear:`; a lesson has no others"},
	{"Only prose.\n", "1:1: the lesson has no stop; a `##` heading opens one"},
};

static void mistakes_are_named_where_they_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		char err[512] = "", want[512];
		int line = atoi(mistakes[i].says) + LESSON_FRONT_LINES;

		assert_null(parse_with_front(mistakes[i].body, err, sizeof err));
		snprintf(want, sizeof want, "%s/t.md:%d%s", prog_dir(), line,
			strchr(mistakes[i].says, ':'));
		assert_string_equal(err, want);
	}
}

/* The same for the front matter, of a file that is called x.md. */
static const struct mistake front_mistakes[] = {
	{"", "x.md:1:1: a lesson starts with its front matter: a line `---`, lines "
	     "`key: value`, a line `---`"},
	{"---\n", "x.md:1:1: the front matter does not end; a line `---` ends it"},
	{"---\ntitel: x\n---\n", "x.md:2:1: `titel` is not a key; did you mean `title`?"},
	{"---\ntitle\n---\n",
		"x.md:2:1: the front matter has lines `key: value`, and `---` at its end"},
	{"---\ntitle:\n---\n", "x.md:2:6: `title` has no value"},
	{"---\ntitle: x\n---\n", "x.md:3:1: the front matter lacks `program: …`"},
	{"---\nmcall: kepe\n---\n",
		"x.md:2:8: `kepe` is not an mcall policy; did you mean `keep`?"},
	{"---\nprocs: 0\n---\n", "x.md:2:8: `0` is not a number from 1 to 64"},
	{"---\nprogram: no_such\n---\n",
		"x.md:2:10: there is no program `no_such`; `make` builds those of examples/, "
		"$G0SCOPE_EXAMPLES names other directories"},
};

static void front_mistakes_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof front_mistakes / sizeof *front_mistakes; i++) {
		char err[512] = "";

		assert_null(lesson_parse("x.md", front_mistakes[i].body,
			strlen(front_mistakes[i].body), err, sizeof err));
		assert_string_equal(err, front_mistakes[i].says);
	}
}

/* A short buffer for the message, and text that ends anywhere, do no harm. */
static void cut_lessons_do_no_harm(void **state)
{
	char err[512], path[64];
	size_t n = sizeof whole - 1;

	(void)state;
	snprintf(path, sizeof path, "%s/t.md", prog_dir());
	for (size_t cut = 0; cut < n; cut++) {
		char *body = strndup(whole, cut);
		lesson_free(parse_with_front(body, err, sizeof err));
		lesson_free(parse_with_front(body, err, 7));
		free(body);
	}
}

/* What would be said of a stop is of none before the first. */
static void what_is_said_of_no_stop(void **state)
{
	char err[512] = "";
	struct lesson *l =
		parse_with_front("a\n\n> clear: b\n\n<!-- c -->\n\n## S\n", err, sizeof err);

	(void)state;
	assert_string_equal(err, "");
	assert_string_equal(l->intro, "a");
	assert_null(l->stops[0].prose_clear);
	assert_string_equal(l->stops[0].notes, "");
	lesson_free(l);
}

/* As large as one can be: so many lines would take minutes, were each looked for from the front. */
static void large_lesson(void **state)
{
	enum { LINES = 80000 };
	static char text[LINES * 12 + 200];
	char err[512] = "", *at = text;

	(void)state;
	at = stpcpy(at, "---\ntitle: T\nprogram: p\n---\n## ");
	for (int i = 0; i < LINES; i++)
		at = stpcpy(at, "\\*");
	at = stpcpy(at, "\n```do\n");
	for (int i = 0; i < LINES / 2; i++)
		at = stpcpy(at, "focus M0\n");
	at = stpcpy(at, "```\n```ask\n");
	for (int i = 0; i < LINES; i++)
		at = stpcpy(at, "a\n");
	stpcpy(at, "- b\n- c\nanswer: owner of G1\n```\n");
	struct lesson *l = lesson_recorded("t", text, strlen(text), err, sizeof err);
	assert_string_equal(err, "");
	assert_int_equal(strlen(l->stops[0].title), LINES);
	assert_int_equal(l->stops[0].ncmds, LINES / 2);
	assert_int_equal(l->stops[0].cmds[LINES / 2 - 1].line, 6 + LINES / 2);
	assert_int_equal(strlen(l->stops[0].question), 2 * LINES - 1);
	assert_int_equal(l->stops[0].ask_line, 11 + LINES / 2 + LINES);
	lesson_free(l);
}

static void too_large_in_a_recording(void **state)
{
	enum { SIZE = 1 << 20 };
	char err[512] = "", *text = calloc(1, SIZE);

	(void)state;
	assert_null(lesson_recorded("t", text, SIZE, err, sizeof err));
	assert_string_equal(err, "t: larger than a lesson can be (1 MiB); make two of it");
	free(text);
}

static void missing_file(void **state)
{
	char err[512];

	(void)state;
	assert_null(lesson_load("/no/such.md", err, sizeof err));
	assert_string_equal(err,
		"/no/such.md: No such file or directory; `g0scope lessons` lists what there is");
}

int test_parse(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_lesson),
		cmocka_unit_test(whole_lesson_commands),
		cmocka_unit_test(what_comes_before_a_run),
		cmocka_unit_test(whole_lesson_claims),
		cmocka_unit_test(words_are_whole),
		cmocka_unit_test(mistakes_are_named_where_they_are),
		cmocka_unit_test(front_mistakes_are_named),
		cmocka_unit_test(cut_lessons_do_no_harm),
		cmocka_unit_test(what_is_said_of_no_stop),
		cmocka_unit_test(large_lesson),
		cmocka_unit_test(too_large_in_a_recording),
		cmocka_unit_test(missing_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
