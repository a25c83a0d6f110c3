/* SPDX-License-Identifier: MIT */
/* Markdown to plain lines. */
#include "scene/prose.h"

#include "scene_tests.h"

static void wraps_to(const char *markdown, int width, int hang, const char *want)
{
	struct prose p = {0};
	char got[512] = "";
	prose_add(&p, markdown, width, hang);
	for (size_t i = 0; i < p.n; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), "%s\n", p.line[i]);
	assert_string_equal(got, want);
	prose_free(&p);
}

static void marks_are_stripped(void **state)
{
	(void)state;
	wraps_to("`mcall` *keeps* the **frame** pointer", 80, 0, "mcall keeps the frame pointer\n");
	wraps_to("see [facts](facts.md), a [note], 2 * 3", 80, 0, "see facts, a [note], 2 * 3\n");
	wraps_to("`call *%rcx` of mcall_keep", 80, 0, "call *%rcx of mcall_keep\n");
	wraps_to("open `code and *stars", 80, 0, "open code and *stars\n");
}

static void lines_are_wrapped(void **state)
{
	(void)state;
	wraps_to("one two three four", 9, 0, "one two\nthree\nfour\n");
	wraps_to("one two three four", 9, 2, "one two\n  three\n  four\n");
	wraps_to("- an item that is long", 12, 0, "- an item\n  that is\n  long\n");
	wraps_to("a\n\nb\n\n", 9, 0, "a\n\nb\n");
	wraps_to("unbreakablelongword x", 8, 0, "unbreaka\nblelongw\nord x\n");
	/* Cells, not bytes. */
	wraps_to("…………… ●●● ──", 9, 0, "…………… ●●●\n──\n");
}

int test_prose(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_stripped),
		cmocka_unit_test(lines_are_wrapped),
	};
	return cmocka_run_group_tests_name("prose", tests, NULL, NULL);
}
