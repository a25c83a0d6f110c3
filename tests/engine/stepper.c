/* SPDX-License-Identifier: MIT */
/* Single steps: what counts as one, what is said of it, and sleepers. */
#include "engine_tests.h"

#include <string.h>

#include "image/sdt.h"
#include "model/say.h"
#include "model/walk.h"

static const struct m_state *m_now(struct timeline *tl, int m)
{
	return snap_m(timeline_now(tl), m);
}

/*
 * Step 0: M0 alone, at its mstart probe, on its g0, with a frame pointer that ends every
 * chain.
 */
static void test_step_0(void **state)
{
	(void)state;
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	const struct snapshot *s = timeline_now(tl);
	assert_int_equal(s->nms, 1);
	assert_int_equal(s->ms[0].id, 0);
	assert_string_equal(function_of(tl, 0), "mstart1");
	assert_int_equal(snap_stack_at(s, m_sp(s, &s->ms[0])), s->ms[0].g0_stack);
	assert_int_equal(s->nps, 2);
	assert_int_equal(s->ngs, 1);
	assert_int_equal(s->gs[0].id, 1);
	assert_int_equal(s->gs[0].status, GS_RUNNABLE);
	assert_string_equal(timeline_policy(tl), "keep");
	timeline_close(tl);
}

/* push writes one word, and nothing else does but what the instruction says. */
static void test_writes(void **state)
{
	(void)state;
	struct timeline *tl = open_program(subject(), "exit3", "clear");
	step_to(tl, 0, "go_main");
	const struct snapshot *s = timeline_now(tl);
	uint64_t fp = m_fp(s, m_now(tl, 0)), sp = m_sp(s, m_now(tl, 0)), word;
	int n;
	assert_string_equal(code_at(timeline_code(tl), m_pc(s, m_now(tl, 0)))->text, "pushq %rbp");
	step(tl, 0);
	const struct word_write *w =
		recording_writes(timeline_recording(tl), timeline_step(tl), &n);
	assert_int_equal(n, 1);
	assert_true(w->addr == sp - 8 && w->now == fp);
	assert_true(snap_read(timeline_now(tl), sp - 8, &word));
	assert_true(word == fp);
	step(tl, 0);
	recording_writes(timeline_recording(tl), timeline_step(tl), &n);
	assert_int_equal(n, 0);
	timeline_close(tl);
}

/*
 * A call into a library is one step, up to where the program's own code goes on: that may be
 * behind the call, or a function that the library calls back; its return is such a step again.
 */
static void test_library(void **state)
{
	(void)state;
	struct timeline *tl = open_program(subject(), "callback", "clear");
	int callbacks = 0;
	step_to(tl, 0, "callback");
	const struct code_line *l = NULL;
	while (!l || !strstr(l->text, "qsort")) {
		l = code_at(timeline_code(tl), m_pc(timeline_now(tl), m_now(tl, 0)));
		step(tl, 0);
	}
	while (strcmp(function_of(tl, 0), "compare") == 0) {
		callbacks++;
		l = code_at(timeline_code(tl), m_pc(timeline_now(tl), m_now(tl, 0)));
		assert_true(l->pc == l->sym_lo);
		while (!l->is_ret) {
			step(tl, 0);
			l = code_at(timeline_code(tl), m_pc(timeline_now(tl), m_now(tl, 0)));
		}
		step(tl, 0);
	}
	assert_string_equal(function_of(tl, 0), "callback");
	assert_in_range(callbacks, 2, 3);
	timeline_close(tl);
}

/* Output belongs to the step that wrote it, however it got out. */
static void test_output(void **state)
{
	(void)state;
	size_t before = 0, n;
	struct timeline *tl = open_program(subject(), "print", "clear");
	drive(tl, 1, 5000);
	assert_string_equal(output_of(tl), "put\nprinted 42\n");
	const struct recording *r = timeline_recording(tl);
	for (int64_t s = 1; s <= timeline_last(tl); s++, before = n) {
		recording_output(r, s, &n);
		if (n == before)
			continue;
		const struct code_line *l = code_at(timeline_code(tl), recording_pc(r, s));
		assert_true(strstr(l->text, "syscall") || strstr(l->text, "fflush"));
	}
	timeline_close(tl);
}

/* What was written before the first step is in that, and in the last what came when it was over. */
static void test_output_at_the_ends(void **state)
{
	(void)state;
	char err[1024];
	size_t n;
	struct timeline *tl = open_program(subject(), "late", "clear");
	step(tl, 0);
	assert_memory_equal(recording_written(timeline_recording(tl), 1, &n), "early\n", 6);
	assert_int_equal(n, 6);
	for (int i = 0; i < 5000 && timeline_forward(tl, 0, err, sizeof err) != STEP_ENDED; i++)
		;
	int64_t last = timeline_last(tl);
	assert_memory_equal(recording_written(timeline_recording(tl), last, &n), "late\n", 5);
	assert_int_equal(n, 5);
	timeline_close(tl);
}

/* The sentence of this step's event. In static memory. */
static const char *event_now(struct timeline *tl)
{
	static char words[SENTENCE_MAX];
	struct moment at = timeline_moment(tl);
	return event_words(moment_event(&at), moment_code(&at), words, sizeof words);
}

/* The event of a step is the probe that it came to; its sentence has the arguments in it. */
static void test_events(void **state)
{
	(void)state;
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	step_to_event(tl, 0, "casgstatus");
	const struct event *e = recording_event(timeline_recording(tl), timeline_step(tl));
	assert_int_equal(e->nargs, 3);
	assert_int_equal(e->arg[0], 1);
	assert_string_equal(event_now(tl), "G1 goes from runnable to running");
	step_to_event(tl, 0, "newproc");
	assert_string_equal(event_now(tl), "G2 is created, to run worker");
	step_to_event(tl, 0, "gopark");
	assert_non_null(strstr(event_now(tl), "chan receive"));
	timeline_close(tl);
}

/* M1 appears at its mstart probe within the step of M0 that made its thread. */
static void test_new_m(void **state)
{
	(void)state;
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	for (int i = 0; i < 3000 && !m_now(tl, 1); i++)
		step(tl, 0);
	assert_non_null(m_now(tl, 1));
	assert_string_equal(function_of(tl, 1), "mstart1");
	const struct code_line *l =
		code_at(timeline_code(tl), recording_pc(timeline_recording(tl), timeline_step(tl)));
	assert_non_null(strstr(l->text, "pthread_create"));
	timeline_close(tl);
}

/*
 * M0 takes G2 itself, so M1 finds nothing to do and sleeps on its futex; a step of it is
 * refused; M0 wakes it when G1 need not wait any longer, and it goes on.
 */
static void test_futex(void **state)
{
	(void)state;
	char err[1024] = "";
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	step_to_event(tl, 0, "gopark");
	step_to_event(tl, 0, "execute");
	for (int i = 0; i < 3000 && !m_now(tl, 1)->asleep; i++)
		step(tl, 1);
	assert_true(m_now(tl, 1)->asleep);
	int64_t last = timeline_last(tl);
	assert_int_equal(timeline_forward(tl, 1, err, sizeof err), STEP_ASLEEP);
	assert_non_null(strstr(err, "asleep"));
	assert_int_equal(timeline_last(tl), last);
	uint64_t slept_at = m_pc(timeline_now(tl), m_now(tl, 1));
	for (int i = 0; i < 10000 && m_now(tl, 1)->asleep; i++)
		step(tl, 0);
	assert_false(m_now(tl, 1)->asleep);
	assert_true(m_pc(timeline_now(tl), m_now(tl, 1)) > slept_at);
	assert_non_null(strstr(function_of(tl, 0), "futex"));
	step_to_event(tl, 1, "wakem");
	timeline_close(tl);
}

/*
 * A library that sleeps for a while is still one step; one that sleeps for good does not hang
 * us.
 */
static void test_other_sleep(void **state)
{
	(void)state;
	char err[1024] = "";
	struct timeline *tl = open_program(subject(), "nap", "clear");
	drive(tl, 1, 5000);
	assert_string_equal(output_of(tl), "rested\n");
	timeline_close(tl);
	tl = open_program(subject(), "hang", "clear");
	drive(tl, 1, 5000);
	assert_true(m_now(tl, 0)->asleep);
	assert_int_equal(timeline_forward(tl, 0, err, sizeof err), STEP_ASLEEP);
	timeline_close(tl);
}

/* Into a handler and back through the library; and a thread that is no M. */
static void test_others(void **state)
{
	(void)state;
	struct timeline *tl = open_program(subject(), "segv", "clear");
	step_to(tl, 0, "sigsegv");
	step_to(tl, 0, "segv");
	timeline_close(tl);
	tl = open_program(subject(), "signalled", "clear");
	drive(tl, 1, 5000);
	assert_string_equal(output_of(tl), "handled\n");
	timeline_close(tl);
	tl = open_program(subject(), "thread", "clear");
	drive(tl, 1, 5000);
	assert_string_equal(output_of(tl), "joined\n");
	timeline_close(tl);
}

/*
 * Once gogo has a record, and until it takes the G's stack, a walk from there misses nobody. Whom
 * it finds is asked by name: the truth unwinds by what gogo says of the same register.
 */
static void test_gogo(void **state)
{
	(void)state;
	struct answer a;
	struct timeline *tl = open_program(example("03_ping_pong"), NULL, "clear");
	const struct code *code = timeline_code(tl);
	for (int times = 0, seen = 0; times < 3; times++, seen = 0) {
		step_to(tl, 0, "gogo");
		step(tl, 0);
		step(tl, 0);
		while (snap_stack_of_sp(timeline_now(tl), m_sp(timeline_now(tl), m_now(tl, 0))) ==
			m_now(tl, 0)->g0_stack) {
			judge(timeline_now(tl), code, NULL, 0, &a);
			assert_int_equal(a.verdict, VERDICT_VALID);
			assert_int_equal(a.missing, 0);
			assert_string_equal(code_ret(code, a.chain.rec[0].ret)->sym, "execute");
			seen++;
			step(tl, 0);
		}
		assert_true(seen > 2);
		while (strcmp(function_of(tl, 0), "gogo") == 0)
			step(tl, 0);
	}
	timeline_close(tl);
}

int test_stepper(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_step_0),
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_library),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_output_at_the_ends),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_new_m),
		cmocka_unit_test(test_futex),
		cmocka_unit_test(test_other_sleep),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_gogo),
	};
	return cmocka_run_group_tests_name("stepper", tests, NULL, NULL);
}
