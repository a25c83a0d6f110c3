/* SPDX-License-Identifier: MIT */
/* The flight recorder's file as a recording, from files that are made by hand. */
#include "engine/flight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine_tests.h"
#include "model/bytes.h"
#include "model/moment.h"

enum { REASON = 0x4000 };

/* ---- a file ---- */

static void word(struct bytes *b, uint64_t v)
{
	put_u32(b, (uint32_t)v);
	put_u32(b, (uint32_t)(v >> 32));
}

static void string(struct bytes *b, const void *p, size_t n)
{
	word(b, n);
	put_raw(b, p, n);
}

/* A tick is a nanosecond. The table is in another order than ours, and has what we do not. */
static const char *const table[] = {
	"execute", "newproc", "nonsense", "casgstatus", "gopark", "runqput", "newm", "exit"};
static const char *const args[] = {
	"g m", "g fn", "g", "g old new", "g reason", "p g", "m", "status"};
enum { EXECUTE, NEWPROC, NONSENSE, CASGSTATUS, GOPARK, RUNQPUT, NEWM, EXIT, EVENTS };

static struct bytes begun(void)
{
	struct bytes b = {0}, names = {0};
	put_raw(&b, "g0trace1", 8);
	word(&b, 1000000);
	word(&b, 1000000);
	for (int i = 0; i < EVENTS; i++) {
		put_raw(&names, table[i], strlen(table[i]) + 1);
		put_raw(&names, args[i], strlen(args[i]) + 1);
		put_raw(&names, "…", sizeof "…");
	}
	string(&b, names.p, names.n);
	string(&b, "no/such/program", 15);
	bytes_free(&names);
	return b;
}

static void ring(struct bytes *b, uint64_t m, uint64_t seen, uint64_t kept)
{
	word(b, m);
	word(b, seen);
	word(b, kept);
}

static void entry(struct bytes *b, uint64_t ns, int event, uint64_t a0, uint64_t a1, uint64_t a2)
{
	word(b, ns << 8 | (uint64_t)event);
	word(b, a0);
	word(b, a1);
	word(b, a2);
}

static void end_ring(struct bytes *b)
{
	word(b, REASON);
	string(b, "chan receive", 12);
	word(b, 0);
}

/* What the file is read as; NULL: err has the sentence. */
static struct recording *loaded(const struct bytes *b, char *err, size_t nerr)
{
	char path[] = "/tmp/g0-flight-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, b->p, b->n) == (ssize_t)b->n);
	close(fd);
	assert_true(b->n < 8 || flight_is(path));
	struct recording *r = flight_load(path, err, nerr);
	unlink(path);
	return r;
}

/* Two Ms: M0 starts G1, which M1 runs, and which parks. */
static struct bytes two_ms(void)
{
	struct bytes b = begun();
	ring(&b, 1, 2, 2);
	entry(&b, 60, CASGSTATUS, 1, GS_RUNNABLE, GS_RUNNING);
	entry(&b, 95, EXECUTE, 1, 1, 0); /* M1 goes on for a moment behind the end */
	end_ring(&b);
	ring(&b, 0, 6, 6);
	entry(&b, 10, NEWPROC, 1, 0x1234, 0);
	entry(&b, 20, CASGSTATUS, 1, GS_DEAD, GS_RUNNABLE);
	entry(&b, 25, NONSENSE, 1, 0, 0);
	entry(&b, 30, RUNQPUT, 0, 1, 0);
	entry(&b, 50, NEWM, 1, 0, 0);
	entry(&b, 90, EXIT, 3, 0, 0);
	end_ring(&b);
	return b;
}

/* ---- tests ---- */

static void states(void **state)
{
	(void)state;
	char err[SENTENCE_MAX];
	const char *end;
	struct bytes b = two_ms();
	struct recording *r = loaded(&b, err, sizeof err);
	if (!r)
		fail_msg("%s", err);
	struct cursor *c = cursor_new(r);
	assert_int_equal(recording_last(r), 7);
	assert_string_equal(recording_info(r)->program, "program");
	const struct snapshot *s = cursor_seek(c, 0);
	assert_int_equal(s->nms, 1); /* M1 is to come */
	assert_int_equal(s->ms[0].p, 0);
	s = cursor_seek(c, 3);
	assert_int_equal(snap_g(s, 1)->status, GS_RUNNABLE);
	assert_int_equal(snap_g(s, 1)->m, -1);
	assert_int_equal(s->ps[0].nq, 1);
	assert_int_equal(s->ps[0].q[0], 1);
	s = cursor_seek(c, 6);
	s = cursor_seek(c, 7);
	assert_int_equal(recording_event(r, 7)->id, EVENT_execute);
	assert_int_equal(recording_m(r, 7), 1);
	assert_int_equal(snap_g(s, 1)->m, 1);
	assert_int_equal(snap_m(s, 1)->curg, 1);
	assert_int_equal(s->ps[0].nq, 0);
	assert_int_equal(recording_before(r, 1).n, 0);
	assert_int_equal(recording_before(r, 3).turns[0].n, 10);
	assert_int_equal(recording_end(r, &end), RUN_EXITED);
	assert_string_equal(
		end, "the program ended with status 3; of another build and left out: 1");
	cursor_free(c);
	recording_free(r);
	bytes_free(&b);
}

/* M1's ring was full: what M0 did before is left out, and what both had is told by what they do. */
static void full_ring(void **state)
{
	(void)state;
	char err[SENTENCE_MAX];
	const char *end;
	struct bytes b = begun();
	ring(&b, 0, 2, 2);
	entry(&b, 10, NEWPROC, 1, 0, 0);
	entry(&b, 80, RUNQPUT, 1, 9, 0);
	end_ring(&b);
	ring(&b, 1, 500, 2);
	entry(&b, 50, CASGSTATUS, 7, GS_RUNNING, GS_WAITING);
	entry(&b, 60, GOPARK, 7, REASON, 0);
	end_ring(&b);
	struct recording *r = loaded(&b, err, sizeof err);
	assert_non_null(r);
	assert_int_equal(recording_last(r), 3);
	struct cursor *c = cursor_new(r);
	const struct snapshot *s = cursor_seek(c, 0);
	assert_int_equal(snap_m(s, 1)->curg, 7);
	assert_int_equal(snap_g(s, 7)->m, 1);
	assert_int_equal(snap_m(s, 0)->p, 1);
	s = cursor_seek(c, 2);
	assert_string_equal(snap_g(s, 7)->waitreason, "chan receive");
	assert_int_equal(recording_end(r, &end), RUN_GOES_ON);
	assert_non_null(strstr(end, "how many came before these: 499"));
	cursor_free(c);
	recording_free(r);
	bytes_free(&b);
}

/* A G that is said twice to have ended leaves one place, not two. */
static void dead_twice(void **state)
{
	(void)state;
	char err[SENTENCE_MAX];
	struct bytes b = begun();
	ring(&b, 0, 4, 4);
	entry(&b, 1, CASGSTATUS, 1, GS_RUNNING, GS_DEAD);
	entry(&b, 2, CASGSTATUS, 1, GS_RUNNING, GS_DEAD);
	entry(&b, 3, NEWPROC, 5, 0, 0);
	entry(&b, 4, NEWPROC, 6, 0, 0);
	end_ring(&b);
	struct recording *r = loaded(&b, err, sizeof err);
	assert_non_null(r);
	struct cursor *c = cursor_new(r);
	const struct snapshot *s = cursor_seek(c, 4);
	assert_non_null(snap_g(s, 5));
	assert_non_null(snap_g(s, 6));
	assert_int_equal(s->ngs, 2);
	cursor_free(c);
	recording_free(r);
	bytes_free(&b);
}

/* Nothing is walked, and nothing is said of it. */
static void no_verdict(void **state)
{
	(void)state;
	char err[SENTENCE_MAX];
	struct answer a;
	struct bytes b = two_ms();
	struct recording *r = loaded(&b, err, sizeof err);
	assert_non_null(r);
	struct cursor *c = cursor_new(r);
	const struct moment at = {r, cursor_seek(c, 7)};
	moment_judge(&at, 0, &a);
	assert_int_equal(a.verdict, VERDICT_UNKNOWN);
	cursor_free(c);
	recording_free(r);
	bytes_free(&b);
}

/* Saved as a recording it is the same. */
static void saved(void **state)
{
	(void)state;
	char err[SENTENCE_MAX], words[SENTENCE_MAX], path[] = "/tmp/g0-flight-XXXXXX";
	struct bytes b = two_ms();
	struct recording *r = loaded(&b, err, sizeof err);
	int fd = mkstemp(path);
	assert_true(r && fd >= 0);
	close(fd);
	if (!recording_save(r, path, err, sizeof err))
		fail_msg("%s", err);
	struct recording *again = load_either(path, err, sizeof err);
	if (!again)
		fail_msg("%s", err);
	struct cursor *c = cursor_new(r), *d = cursor_new(again);
	for (int64_t step = 0; step <= 7; step++)
		if (snap_differs(cursor_seek(c, step), cursor_seek(d, step), words, sizeof words))
			fail_msg("step %d: %s", (int)step, words);
	cursor_free(c);
	cursor_free(d);
	recording_free(again);
	recording_free(r);
	unlink(path);
	bytes_free(&b);
}

/* Cut anywhere but behind a ring it is refused; with any byte another it is one or the other. */
static void damaged(void **state)
{
	(void)state;
	char err[SENTENCE_MAX];
	struct bytes b = two_ms();
	int opened = 0;
	for (size_t n = 0; n < b.n; n++) {
		struct bytes cut = {.p = b.p, .n = n};
		struct recording *r = loaded(&cut, err, sizeof err);
		assert_true(r ? !*err : strstr(err, "G0_TRACE=FILE") != NULL);
		opened += r != NULL;
		recording_free(r);
	}
	assert_int_equal(opened, 1);
	for (size_t i = 8; i < b.n; i++) {
		b.p[i] ^= 0xff;
		recording_free(loaded(&b, err, sizeof err));
		b.p[i] ^= 0xff;
	}
	bytes_free(&b);
}

int test_flight(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(full_ring),
		cmocka_unit_test(dead_twice),
		cmocka_unit_test(no_verdict),
		cmocka_unit_test(saved),
		cmocka_unit_test(damaged),
	};
	return cmocka_run_group_tests_name("flight", tests, NULL, NULL);
}
