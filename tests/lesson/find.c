/* SPDX-License-Identifier: MIT */
/* Finding lessons and programs by name. */
#include "lesson/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lesson_tests.h"

static void bare_names(void **state)
{
	char buf[64];

	(void)state;
	assert_string_equal(
		find_bare_name("examples/03_stale_link.md", buf, sizeof buf), "stale_link");
	assert_string_equal(find_bare_name("stale_link", buf, sizeof buf), "stale_link");
	assert_string_equal(find_bare_name("/a/7up.c", buf, sizeof buf), "7up");
	assert_string_equal(find_bare_name("12_", buf, sizeof buf), "12_");
}

static void programs(void **state)
{
	char lesson[128], path[512];

	(void)state;
	snprintf(lesson, sizeof lesson, "%s/x.md", prog_dir());
	assert_true(find_program(lesson, "prog", path, sizeof path));
	assert_int_equal(strncmp(path, prog_dir(), strlen(prog_dir())), 0);
	assert_true(find_program(lesson, "./prog", path, sizeof path));
	assert_false(find_program(lesson, "./x.md", path, sizeof path));
	assert_false(find_program(lesson, "gorp", path, sizeof path));
	assert_string_equal(path, "");
}

static void by_name_or_path(void **state)
{
	struct lesson_entry e;
	char err[512], path[128];
	const char *was = getenv("G0SCOPE_EXAMPLES");
	char *kept = was ? strdup(was) : NULL;

	(void)state;
	setenv("G0SCOPE_EXAMPLES", prog_dir(), 1);
	assert_true(lesson_find("prog", &e, err, sizeof err));
	assert_string_equal(e.path, "");
	snprintf(path, sizeof path, "%s/prog", prog_dir());
	assert_string_equal(e.program, path);
	assert_true(lesson_find(path, &e, err, sizeof err));
	assert_string_equal(e.name, "prog");
	assert_false(lesson_find("gorp", &e, err, sizeof err));
	assert_non_null(strstr(err, "there is no lesson or program `gorp`; there is"));
	assert_non_null(strstr(err, " prog"));
	unsetenv("G0SCOPE_EXAMPLES");
	if (kept)
		setenv("G0SCOPE_EXAMPLES", kept, 1);
	free(kept);
}

int test_find(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bare_names),
		cmocka_unit_test(programs),
		cmocka_unit_test(by_name_or_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
