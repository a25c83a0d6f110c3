/* SPDX-License-Identifier: MIT */
/* Programs from before there was a layout note: they are read as if they had it. */
#include "engine_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A copy of a program without the note, under the same name in a folder whose name is as long: both
 * are in the memory that is compared. In static memory; to be removed.
 */
static const char *without_note(const char *program)
{
	static char path[4096];
	char dir[2048], command[8192];
	const char *name = strrchr(program, '/');
	snprintf(dir, sizeof dir, "%.*sXXXXXX", (int)(name - program) - 6, program);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s%s", dir, name);
	snprintf(command, sizeof command, "objcopy --remove-section .note.g0.layout %s %s", program,
		path);
	assert_int_equal(system(command), 0);
	return path;
}

static void remove_copy(const char *path)
{
	char dir[2048];
	unlink(path);
	snprintf(dir, sizeof dir, "%.*s", (int)(strrchr(path, '/') - path), path);
	rmdir(dir);
}

static void same_at_every_step(struct timeline *a, struct timeline *b, const char *program)
{
	assert_int_equal(timeline_last(a), timeline_last(b));
	for (int64_t step = 0; step <= timeline_last(a); step++) {
		timeline_seek(a, step);
		timeline_seek(b, step);
		const char *what = snapshots_differ(timeline_now(a), timeline_now(b));
		if (what)
			fail_msg("%s, step %lld: %s differ", program, (long long)step, what);
	}
}

static void read_alike(const char *program, const char *mode, uint64_t seed, int64_t steps)
{
	const char *copy = without_note(program);
	struct timeline *a = open_program(program, mode, "keep");
	struct timeline *b = open_program(copy, mode, "keep");
	drive(a, seed, steps);
	drive(b, seed, steps);
	assert_in_range(timeline_last(a), 1, steps);
	same_at_every_step(a, b, program);
	timeline_close(a);
	timeline_close(b);
	remove_copy(copy);
}

static void test_read_alike(void **state)
{
	(void)state;
	read_alike(example("01_stale_link"), NULL, 1, 4000);
	read_alike(example("04_steal"), NULL, 2, 6000);
	read_alike(example("15_select"), NULL, 3, 4000);
	read_alike(example("21_echo"), NULL, 4, 4000);
}

/* What is read wrongly is named here by other words. */
static void test_damage_alike(void **state)
{
	(void)state;
	read_alike(damage(), "m_spinning", 0, 20000);
	read_alike(damage(), "p_ring", 0, 20000);
	read_alike(damage(), "queue_cycle", 0, 20000);
}

int test_noteless(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_alike),
		cmocka_unit_test(test_damage_alike),
	};
	return cmocka_run_group_tests_name("noteless", tests, NULL, NULL);
}
