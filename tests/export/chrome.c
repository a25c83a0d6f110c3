/* SPDX-License-Identifier: MIT */
/* Trace events of runs that are hard to come by; tests/cli/export.sh has whole programs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "export_tests.h"
#include "model/event.h"

static char *chrome(const struct recording *r)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	assert_true(export_chrome(r, f));
	fclose(f);
	assert_one_json(text);
	return text;
}

/* How often a part of a line is there; ' stands for ". */
static int count(const char *text, const char *part)
{
	char want[256];
	int n = 0;
	snprintf(want, sizeof want, "%s", part);
	for (char *p = want; *p; p++)
		if (*p == '\'')
			*p = '"';
	for (; (text = strstr(text, want)); text++)
		n++;
	return n;
}

/* More calls than a truth has frames: each is a slice, once, though its callers are not told. */
static void deep_calls(void **state)
{
	(void)state;
	enum { DEEP = WALK_MAX + 20 };
	struct sim *s = sim_new("keep");
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	for (int i = 0; i < DEEP; i++)
		sim_enter(s, 0, "red");
	for (int i = 0; i < DEEP; i++)
		sim_leave(s, 0);
	sim_enter(s, 0, "blue");
	char *text = chrome(s->r);
	assert_int_equal(count(text, "'ph':'B','pid':1,'tid':0,'ts':"),
		count(text, "'ph':'E','pid':1,'tid':0,"));
	assert_int_equal(count(text, "'name':'red'"), DEEP);
	assert_int_equal(count(text, "'name':'worker'"), 1);
	assert_int_equal(count(text, "'name':'G1'"), 1);
	free(text);
	sim_free(s);
}

/* One step of an M with an event about a G. */
static void add_event(struct sim *s, int m, int event, int64_t g)
{
	struct step st = {.m = m,
		.pc = 7,
		.state = &s->k.s,
		.state_changed = true,
		.event = {.id = event, .nargs = 1, .arg = {g}}};
	recording_add(s->r, &st);
}

/* From the last that made it ready, or let go of it; none to where nobody runs it. */
static void arrows(void **state)
{
	(void)state;
	struct sim *s = a_run();
	add_event(s, 0, EVENT_newproc, 1);
	add_event(s, 0, EVENT_goready, 1);
	add_event(s, 0, EVENT_goready, 2);
	add_event(s, 0, EVENT_goready, 77); /* there is no such G */
	add_event(s, 0, EVENT_goready, (1ll << 32) + 1);
	int64_t ready = recording_last(s->r) - 3;
	sim_enter(s, 1, "schedule");
	sim_gogo(s, 1, 1);
	sim_exec(s, 1);
	/* The same G once more, and nothing has been said of it. */
	sim_enter(s, 1, "gresumed");
	sim_leave(s, 1);
	sim_leave(s, 1);
	sim_mcall(s, 1, "gosched_m");
	sim_status(s, 1, 1, GS_RUNNABLE, -1);
	sim_gogo(s, 1, 1);
	sim_exec(s, 1);
	char *text = chrome(s->r), want[80];
	snprintf(want, sizeof want, "{'ph':'s','pid':1,'tid':0,'ts':%d,'name':'goready',",
		(int)ready);
	assert_int_equal(count(text, "'cat':'handover'"), 2);
	assert_int_equal(count(text, want), 1);
	assert_int_equal(count(text, "'name':'goready','cat':'handover','id':1,'bp':'e'}"), 1);
	free(text);
	sim_free(s);
}

/* Whatever lets a G wait to be run; and what does not. */
static void departures(void **state)
{
	(void)state;
	static const struct {
		int event, arrows;
	} cases[] = {{EVENT_newproc, 1}, {EVENT_goready, 1}, {EVENT_gosched, 1}, {EVENT_goyield, 1},
		{EVENT_gopreempt, 1}, {EVENT_gopark, 0}, {EVENT_execute, 0}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sim *s = a_run();
		add_event(s, 0, cases[i].event, 1);
		sim_enter(s, 1, "schedule");
		sim_gogo(s, 1, 1);
		sim_exec(s, 1);
		char *text = chrome(s->r);
		assert_int_equal(count(text, "'bp':'e'"), cases[i].arrows);
		free(text);
		sim_free(s);
	}
}

static void an_m_that_ends(void **state)
{
	(void)state;
	struct sim *s = a_run();
	sim_m(s, 1)->exited = true;
	sim_status(s, 0, 1, GS_WAITING, -1);
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	char *text = chrome(s->r), want[80];
	snprintf(want, sizeof want, "{'ph':'e','pid':1,'tid':1,'ts':%d,'name':'VALID'",
		(int)recording_last(s->r) - 1);
	assert_int_equal(count(text, want), 1);
	assert_int_equal(
		count(text, "'ph':'b','pid':1,'tid':1,"), count(text, "'ph':'e','pid':1,'tid':1,"));
	assert_int_equal(
		count(text, "'ph':'B','pid':1,'tid':1,"), count(text, "'ph':'E','pid':1,'tid':1,"));
	free(text);
	sim_free(s);
}

/* Names of any bytes; events with arguments that mean nothing. */
static void strange_names(void **state)
{
	(void)state;
	struct sim *s = a_run();
	code_add(s->code, &(struct code_line){.pc = 7,
				  .sym = "a\"\\\n\xff",
				  .sym_lo = 7,
				  .file = "\x1b.c",
				  .text = "nop"});
	sim_m(s, 1)->regs[IP] = 7;
	struct step st = {.m = 1,
		.pc = 7,
		.state = &s->k.s,
		.state_changed = true,
		.event = {.id = EVENT_casgstatus, .nargs = 3, .arg = {-1, 99, INT64_MIN}}};
	recording_add(s->r, &st);
	st.event = (struct event){
		.id = EVENT_gopark, .nargs = 2, .arg = {INT64_MAX, 1}, .string = "\"\x80"};
	recording_add(s->r, &st);
	char *text = chrome(s->r);
	assert_true(holds(text, "'name':'a\\\"\\\\\\u000a\\ufffd','cat':'call',"));
	assert_true(holds(text, "'args':{'file':'\\u001b.c'}"));
	assert_true(holds(text, "'args':{'g':-1,'old':99,'new':-9223372036854775808,'says':"));
	assert_true(holds(text, "'args':{'g':9223372036854775807,'reason':'\\\"\\ufffd','says':"));
	free(text);
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
		setvbuf(f, NULL, buffered ? _IOFBF : _IONBF, 1 << 20);
		assert_false(export_chrome(s->r, f));
		assert_int_equal(errno, ENOSPC);
		fclose(f);
	}
	sim_free(s);
}

int test_chrome(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deep_calls),
		cmocka_unit_test(arrows),
		cmocka_unit_test(departures),
		cmocka_unit_test(an_m_that_ends),
		cmocka_unit_test(strange_names),
		cmocka_unit_test(what_cannot_be_written),
	};
	return cmocka_run_group_tests_name("chrome", tests, NULL, NULL);
}
