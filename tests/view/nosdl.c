/* SPDX-License-Identifier: MIT */
/* In place of sdl.c where SDL2 was not found: the view says so, and what to do. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "view/view.h"
#include "view_tests.h"

static void it_says_what_to_install(void **state)
{
	(void)state;
	char said[1024];
	int ends[2], kept = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	int status = view_sdl(NULL, NULL, &(struct view_options){0});
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(ends[1]);
	close(kept);
	ssize_t n = read(ends[0], said, sizeof said - 1);
	close(ends[0]);
	said[n > 0 ? n : 0] = '\0';
	assert_int_equal(status, 1);
	assert_false(view_sdl_built_in());
	assert_non_null(strstr(said, "libsdl2-dev"));
	assert_non_null(strstr(said, "--view=tui"));
}

int window_tests(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(it_says_what_to_install)};
	return cmocka_run_group_tests_name("no window", tests, NULL, NULL);
}
