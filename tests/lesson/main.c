/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/lesson. */
#include "lesson_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/g0-lesson-XXXXXX";

static void remove_dir(void)
{
	char path[64];

	snprintf(path, sizeof path, "%s/prog", dir);
	unlink(path);
	rmdir(dir);
}

const char *prog_dir(void)
{
	static bool made;
	char path[64];

	if (!made) {
		assert_non_null(mkdtemp(dir));
		snprintf(path, sizeof path, "%s/prog", dir);
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		fclose(f);
		assert_int_equal(chmod(path, 0755), 0);
		atexit(remove_dir);
		made = true;
	}
	return dir;
}

struct lesson *parse_with_front(const char *body, char *err, size_t nerr)
{
	char text[4096], path[64];
	int n = snprintf(
		text, sizeof text, "---\ntitle: A test\nprogram: prog\nmcall: keep\n---\n%s", body);

	assert_true(n > 0 && (size_t)n < sizeof text);
	snprintf(path, sizeof path, "%s/t.md", prog_dir());
	return lesson_parse(path, text, (size_t)n, err, nerr);
}

int main(void)
{
	int failed = 0;

	failed += test_words();
	failed += test_parse();
	failed += test_find();
	failed += test_tell();
	return failed != 0;
}
