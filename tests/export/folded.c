/* SPDX-License-Identifier: MIT */
/* Folded stacks: which there are, and that their counts are all the steps of all Ms. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "export_tests.h"

static char *folded(const struct recording *r)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	assert_true(export_folded(r, f));
	fclose(f);
	return text;
}

/* The counts of all lines that begin with that; each ends with one. */
static long long sum(const char *text, const char *begins)
{
	long long all = 0;
	while (*text) {
		const char *end = strchr(text, '\n');
		assert_non_null(end);
		const char *blank = memrchr(text, ' ', (size_t)(end - text));
		assert_non_null(blank);
		char *digits_end;
		long long n = strtoll(blank + 1, &digits_end, 10);
		assert_ptr_equal(digits_end, end);
		assert_true(n > 0);
		if (!strncmp(text, begins, strlen(begins)))
			all += n;
		text = end + 1;
	}
	return all;
}

static void assert_line(const char *text, const char *line)
{
	char want[512];
	snprintf(want, sizeof want, "\n%s\n", line);
	if (strncmp(text, want + 1, strlen(want + 1)) != 0 && !strstr(text, want))
		fail_msg("no line \"%s\" in\n%s", line, text);
}

static void stacks(void **state)
{
	(void)state;
	struct sim *s = a_run();
	int64_t steps = recording_last(s->r) + 1;
	char *text = folded(s->r);
	assert_int_equal(sum(text, ""), 2 * steps);
	assert_int_equal(sum(text, "VALID;M1;mstart "), steps);
	assert_int_equal(sum(text, "STALE;"), 1);
	assert_line(text, "STALE;M0;goexit_stub;worker;mcall;mcall_keep;gosched_m 1");
	free(text);
	sim_free(s);
}

/* G1 goes on elsewhere, and other words lie where the link leads. */
static void a_chimera(void **state)
{
	(void)state;
	struct sim *s = a_run();
	sim_enter(s, 1, "schedule");
	sim_gogo(s, 1, 1);
	sim_enter(s, 1, "gresumed");
	sim_leave(s, 1);
	sim_leave(s, 1);
	sim_enter(s, 1, "repaint");
	sim_enter(s, 1, "red");
	char *text = folded(s->r);
	assert_int_equal(sum(text, ""), 2 * (recording_last(s->r) + 1));
	assert_true(sum(text, "CHIMERA;M0;goexit_stub;worker;repaint;mcall_keep;gosched_m ") > 0);
	assert_int_equal(sum(text, "CHIMERA;M1;"), 0);
	free(text);
	sim_free(s);
}

/* One that has ended has no stack. */
static void an_m_that_has_ended(void **state)
{
	(void)state;
	struct sim *s = a_run();
	sim_m(s, 1)->exited = true;
	sim_status(s, 0, 1, GS_WAITING, -1);
	char *text = folded(s->r);
	assert_int_equal(sum(text, ";"), 0);
	assert_int_equal(sum(text, ""), 2 * recording_last(s->r) + 1);
	free(text);
	sim_free(s);
}

/* M1 stands at a pc, whose function has this name. */
static void stand_at(struct sim *s, uint64_t pc, const char *name)
{
	code_add(s->code, &(struct code_line){.pc = pc, .len = 1, .sym = name, .text = "nop"});
	sim_m(s, 1)->regs[IP] = pc;
	struct step st = {
		.m = 1, .pc = pc, .state = &s->k.s, .state_changed = true, .event = {.id = -1}};
	recording_add(s->r, &st);
}

/* A frame ends at a semicolon and a line where it ends, whatever a function is called. */
static void names_of_any_bytes(void **state)
{
	(void)state;
	struct sim *s = a_run();
	stand_at(s, 7, "a;b\nc d\x1b\xff");
	stand_at(s, 8, NULL);
	stand_at(s, 9, "");
	char *text = folded(s->r);
	assert_line(text, "VALID;M1;a:b\\x0ac d\\x1b\xef\xbf\xbd 1");
	assert_line(text, "VALID;M1;[unknown] 2");
	free(text);
	sim_free(s);
}

/* More than are kept at once: some have more than one line, and nothing is lost. */
static void more_than_fit(void **state)
{
	(void)state;
	enum { LONG = 1 << 20, NAMES = 20 };
	struct sim *s = a_run();
	char *name = malloc(LONG);
	memset(name, 'x', LONG - 1);
	name[LONG - 1] = '\0';
	for (int i = 0; i < 2 * NAMES; i++) {
		*name = (char)('a' + i % NAMES);
		stand_at(s, 7 + i % NAMES, name);
	}
	char *text = folded(s->r);
	assert_int_equal(sum(text, ""), 2 * (recording_last(s->r) + 1));
	int lines = 0;
	for (const char *p = text; (p = strstr(p, "VALID;M1;c")); p++)
		lines++;
	assert_int_equal(lines, 2);
	assert_int_equal(sum(text, "VALID;M1;c"), 2);
	free(text);
	free(name);
	sim_free(s);
}

static void what_cannot_be_written(void **state)
{
	(void)state;
	struct sim *s = a_run();
	for (int buffered = 0; buffered < 2; buffered++) {
		FILE *f = fopen("/dev/full", "w");
		if (!f)
			skip();
		setvbuf(f, NULL, buffered ? _IOFBF : _IONBF, BUFSIZ);
		assert_false(export_folded(s->r, f));
		assert_int_equal(errno, ENOSPC);
		fclose(f);
	}
	sim_free(s);
}

int test_folded(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks),
		cmocka_unit_test(a_chimera),
		cmocka_unit_test(an_m_that_has_ended),
		cmocka_unit_test(names_of_any_bytes),
		cmocka_unit_test(more_than_fit),
		cmocka_unit_test(what_cannot_be_written),
	};
	return cmocka_run_group_tests_name("folded", tests, NULL, NULL);
}
