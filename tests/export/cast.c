/* SPDX-License-Identifier: MIT */
/* The lines of an asciicast, whatever is in them. */
#include "export/cast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export_tests.h"

static void lines(void **state)
{
	(void)state;
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	struct jsonw j = cast_begin(f, 80, 24, "a\"\xff\n");
	cast_send(&j, 0, "\x1b[1;1H┌\"\\", 11);
	cast_send(&j, 1061007, "", 0);
	fclose(f);
	assert_true(holds(text, "{'version':2,'width':80,'height':24,'title':'a\\\"\\ufffd\\u000a',"
				"'env':{'TERM':'xterm-256color'}}\n"
				"[0.000,'o','\\u001b[1;1H┌\\\"\\\\']\n"
				"[1061.007,'o','']\n"));
	assert_null(strchr(text, '\x1b'));
	free(text);
}

int test_cast(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
	};
	return cmocka_run_group_tests_name("cast", tests, NULL, NULL);
}
