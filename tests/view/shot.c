/* SPDX-License-Identifier: MIT */
/* Screens that are kept: in new files, whole, or not at all. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "moment.h"
#include "view/shot.h"
#include "view_tests.h"

static char dir[] = "/tmp/g0-shot-XXXXXX";
static int before;

static int enter(void **state)
{
	(void)state;
	before = open(".", O_RDONLY | O_DIRECTORY);
	return before < 0 || !mkdtemp(dir) || chdir(dir);
}

static int leave(void **state)
{
	(void)state;
	return fchdir(before) || close(before) || rmdir(dir);
}

static void assert_holds(const char *name, const char *text)
{
	char buf[64] = "";
	FILE *f = fopen(name, "r");
	assert_non_null(f);
	assert_int_equal(fread(buf, 1, sizeof buf - 1, f), strlen(text));
	fclose(f);
	assert_string_equal(buf, text);
}

static void over_nothing(void **state)
{
	(void)state;
	struct session *s = session_new(moment_timeline("keep"), NULL);
	timeline_seek(s->tl, 2);
	shot_save(s, "this screen", "txt", "one", 3);
	assert_string_equal(s->message, "this screen is in g0scope-2.txt");
	assert_int_equal(symlink("elsewhere", "g0scope-2-2.txt"), 0);
	shot_save(s, "this screen", "txt", "two", 3);
	assert_string_equal(s->message, "this screen is in g0scope-2-3.txt");
	assert_false(s->message_is_error);
	assert_holds("g0scope-2.txt", "one");
	assert_holds("g0scope-2-3.txt", "two");
	assert_int_not_equal(access("elsewhere", F_OK), 0);
	assert_int_equal(unlink("g0scope-2.txt"), 0);
	assert_int_equal(unlink("g0scope-2-2.txt"), 0);
	assert_int_equal(unlink("g0scope-2-3.txt"), 0);
	session_close(s);
}

/* Nothing is left of it, which leave() sees. */
static void whole_or_not(void **state)
{
	(void)state;
	struct session *s = session_new(moment_timeline("keep"), NULL);
	struct rlimit was;
	getrlimit(RLIMIT_FSIZE, &was);
	void (*xfsz)(int) = signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){2, was.rlim_max});
	shot_save(s, "this screen", "txt", "much", 4);
	setrlimit(RLIMIT_FSIZE, &was);
	signal(SIGXFSZ, xfsz);
	assert_true(s->message_is_error);
	assert_non_null(
		strstr(s->message, "this screen: g0scope-0.txt could not be written: File too"));
	assert_int_not_equal(access("g0scope-0.txt", F_OK), 0);
	session_close(s);
}

int test_shot(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_nothing),
		cmocka_unit_test(whole_or_not),
	};
	return cmocka_run_group_tests_name("shot", tests, enter, leave);
}
