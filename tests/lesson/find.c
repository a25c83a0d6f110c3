/* SPDX-License-Identifier: MIT */
/* Finding lessons and programs by name. */
#include "lesson/find.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lesson_tests.h"
#include "model/say.h"
#include "model/xalloc.h"

static void bare(const char *path, const char *want)
{
	char *name = find_bare_name(path);

	assert_string_equal(name, want);
	free(name);
}

static void bare_names(void **state)
{
	(void)state;
	bare("examples/03_stale_link.md", "stale_link");
	bare("stale_link", "stale_link");
	bare("/a/7up.c", "7up");
	bare("12_", "12_");
}

/* Beside a lesson in the tests' folder. */
static void program(const char *name, bool there)
{
	char *lesson = xasprintf("%s/x.md", prog_dir());
	char *path = find_program(lesson, name);

	assert_int_equal(path != NULL, there);
	if (there)
		assert_int_equal(strncmp(path, prog_dir(), strlen(prog_dir())), 0);
	free(path);
	free(lesson);
}

static void programs(void **state)
{
	(void)state;
	program("prog", true);
	program("./prog", true);
	program("./x.md", false);
	program("gorp", false);
}

/* What G0SCOPE_EXAMPLES is for a test, and what it was. */
static char *kept;

static int keep_examples(void **state)
{
	const char *was = getenv("G0SCOPE_EXAMPLES");

	(void)state;
	kept = was ? strdup(was) : NULL;
	return 0;
}

static int restore_examples(void **state)
{
	(void)state;
	unsetenv("G0SCOPE_EXAMPLES");
	if (kept)
		setenv("G0SCOPE_EXAMPLES", kept, 1);
	free(kept);
	return 0;
}

static void by_name_or_path(void **state)
{
	struct lesson_entry e;
	char err[SENTENCE_MAX], *path = xasprintf("%s/prog", prog_dir());

	(void)state;
	setenv("G0SCOPE_EXAMPLES", prog_dir(), 1);
	assert_true(lesson_find("prog", &e, err, sizeof err));
	assert_null(e.path);
	assert_string_equal(e.program, path);
	lesson_entry_free(&e);
	assert_true(lesson_find(path, &e, err, sizeof err));
	assert_string_equal(e.name, "prog");
	lesson_entry_free(&e);
	assert_false(lesson_find("gorp", &e, err, sizeof err));
	assert_non_null(strstr(err, "there is no lesson or program `gorp`; there is"));
	assert_false(lesson_find("stale_lnk", &e, err, sizeof err));
	assert_non_null(strstr(err, "`stale_lnk`; did you mean `stale_link`? There is "));
	assert_non_null(strstr(err, " prog"));
	free(path);
}

/* Neither a path that is long, nor a name, is cut to what another is called. */
static void however_long(void **state)
{
	struct lesson_entry e;
	char err[SENTENCE_MAX], name[201], *dir = xstrdup(prog_dir()), *path;

	(void)state;
	memset(name, 'd', 200);
	name[200] = 0;
	for (int i = 0; i < 8; i++) {
		path = xasprintf("%s/%s", dir, name);
		free(dir);
		dir = path;
		assert_int_equal(mkdir(dir, 0700), 0);
	}
	char *prog = xasprintf("%s/prog", prog_dir());
	path = xasprintf("%s/%s", dir, name);
	assert_int_equal(symlink(prog, path), 0);
	setenv("G0SCOPE_EXAMPLES", dir, 1);
	assert_true(lesson_find(name, &e, err, sizeof err));
	assert_string_equal(e.name, name);
	assert_string_equal(e.program, path);
	lesson_entry_free(&e);
	name[63] = 0;
	assert_false(lesson_find(name, &e, err, sizeof err));
	unlink(path);
	for (int i = 0; i < 8; i++) {
		rmdir(dir);
		*strrchr(dir, '/') = 0;
	}
	free(path);
	free(prog);
	free(dir);
}

int test_find(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bare_names),
		cmocka_unit_test(programs),
		cmocka_unit_test_setup_teardown(by_name_or_path, keep_examples, restore_examples),
		cmocka_unit_test_setup_teardown(however_long, keep_examples, restore_examples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
