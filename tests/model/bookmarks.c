/* SPDX-License-Identifier: MIT */
/* Bookmarks: in order, in the file, and in a part of a recording. */
#include <string.h>

#include "drive.h"
#include "frames.h"
#include "model_tests.h"
#include "sim.h"

/* Bookmarks, out of order, one again and one taken away. */
static void mark_some(struct recording *r)
{
	int64_t last = recording_last(r);
	assert_true(recording_set_bookmark(r, last, "the end"));
	assert_true(recording_set_bookmark(r, 0, "?"));
	assert_true(recording_set_bookmark(r, 300, "not for long"));
	assert_true(recording_set_bookmark(r, 0, "Anfang: é"));
	assert_true(recording_set_bookmark(r, 200, ""));
	assert_true(recording_set_bookmark(r, 300, NULL));
	assert_true(recording_set_bookmark(r, 301, NULL));
}

static void assert_marked(const struct recording *r)
{
	int n;
	const struct bookmark *b = recording_bookmarks(r, &n);
	assert_int_equal(n, 3);
	assert_int_equal(b[0].step, 0);
	assert_string_equal(b[0].note, "Anfang: é");
	assert_int_equal(b[1].step, 200);
	assert_string_equal(b[1].note, "");
	assert_int_equal(b[2].step, recording_last(r));
	struct recording *part = recording_excerpt(r, 100, 300);
	b = recording_bookmarks(part, &n);
	assert_int_equal(n, 1);
	assert_int_equal(b[0].step, 100);
	recording_free(part);
}

static void they_stay_in_the_file(void **state)
{
	(void)state;
	char err[512] = "";
	struct sim *s = sim_new("keep");
	drive(s, 6, 400);
	mark_some(s->r);
	assert_marked(s->r);
	assert_true(recording_save(s->r, path, err, sizeof err));
	struct recording *r = recording_load(path, err, sizeof err);
	assert_non_null(r);
	assert_string_equal(err, "");
	assert_marked(r);
	recording_free(r);
	sim_free(s);
}

static void there_are_not_too_many(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	drive(s, 6, BOOKMARKS_MAX + 10);
	for (int64_t i = 0; i < BOOKMARKS_MAX; i++)
		assert_true(recording_set_bookmark(s->r, i, "here"));
	assert_false(recording_set_bookmark(s->r, BOOKMARKS_MAX, "too many"));
	assert_true(recording_set_bookmark(s->r, BOOKMARKS_MAX, NULL));
	assert_true(recording_set_bookmark(s->r, 0, "another"));
	sim_free(s);
}

int test_bookmarks(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(they_stay_in_the_file, make_path, remove_path),
		cmocka_unit_test(there_are_not_too_many),
	};
	return cmocka_run_group_tests_name("bookmarks", tests, NULL, NULL);
}
