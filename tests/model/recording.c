/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/delta.h"
#include "model/xalloc.h"
#include "model_tests.h"

enum { STEPS = 2 * RECORDING_KEYFRAME + 1000 };

/* A snapshot as bytes, to be compared. */
static struct bytes packed(const struct snapshot *k)
{
	struct bytes b = {0};
	delta_whole(&b, k);
	put_sv(&b, k->step);
	put_sv(&b, k->last_m);
	return b;
}

static void assert_same(const struct snapshot *k, const struct bytes *b)
{
	struct bytes now = packed(k);
	assert_int_equal(now.n, b->n);
	assert_memory_equal(now.p, b->p, b->n);
	free(now.p);
}

/* After each step: what the cursor shows is what the machine has, history aside. */
static void as_machine(struct sim *s, int m)
{
	(void)m;
	const struct snapshot nothing = {.arch = s->k.s.arch};
	struct bytes shown = {0}, machine = {0};
	delta_state(&shown, &nothing, sim_seen(s));
	delta_state(&machine, &nothing, &s->k.s);
	assert_int_equal(shown.n, machine.n);
	assert_memory_equal(shown.p, machine.p, machine.n);
	free(shown.p);
	free(machine.p);
}

static void every_step_as_it_was(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	s->after = as_machine;
	drive(s, 1, STEPS);
	sim_free(s);
}

static void seek_is_linear_replay(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	drive(s, 2, STEPS);
	struct cursor *linear = cursor_new(s->r), *jumping = cursor_new(s->r);
	struct bytes *was = xcalloc(STEPS + 1, sizeof *was);
	unsigned seed = 3;

	for (int64_t i = 0; i <= STEPS; i++)
		was[i] = packed(cursor_seek(linear, i));
	for (int i = 0; i < 300; i++) {
		int64_t step = rand_r(&seed) % (STEPS + 1);
		assert_same(cursor_seek(jumping, step), &was[step]);
	}
	for (int64_t k = 0; k <= 2 * RECORDING_KEYFRAME; k += RECORDING_KEYFRAME)
		for (int64_t i = k + 1; i >= k - 1 && i >= 0; i--)
			assert_same(cursor_seek(jumping, i), &was[i]);
	assert_int_equal(cursor_seek(jumping, -5)->step, 0);
	assert_int_equal(cursor_seek(jumping, 1 << 30)->step, recording_last(s->r));
	for (int64_t i = 0; i <= STEPS; i++)
		free(was[i].p);
	free(was);
	cursor_free(linear);
	cursor_free(jumping);
	sim_free(s);
}

/* Cut, and go on: the same as if what was cut had never been. */
static void truncate_to(int64_t n)
{
	struct sim *s = sim_new("keep"), *other = sim_new("keep");
	drive(s, 4, STEPS);
	drive(other, 4, STEPS);
	recording_set_end(s->r, RUN_EXITED, "over");
	cursor_seek(s->cursor, n + 1); /* a cursor that stands beyond the cut */

	recording_truncate(s->r, n);
	assert_int_equal(recording_last(s->r), n);
	assert_int_equal(recording_end(s->r, NULL), RUN_GOES_ON);
	struct bytes b = packed(cursor_seek(other->cursor, n));
	assert_same(sim_seen(s), &b);
	free(b.p);
	assert_true(schedule_same(recording_schedule(s->r), recording_schedule(other->r), n));
	assert_int_equal(schedule_steps(recording_schedule(s->r)), n);

	const struct stack_image *g1 = &sim_seen(other)->stacks[2];
	for (uint64_t at = g1->from; at < g1->hi; at += 8)
		assert_int_equal(recording_last_write(s->r, STEPS, at),
			recording_last_write(other->r, n, at));
	for (int64_t i = n + 1; i <= recording_last(other->r); i++) { /* the same steps once more */
		struct step st = {.state = cursor_seek(other->cursor, i), .state_changed = true};
		st.m = recording_m(other->r, i);
		st.pc = recording_pc(other->r, i);
		st.writes = recording_writes(other->r, i, &st.nwrites);
		st.event.id = -1;
		recording_add(s->r, &st);
	}
	b = packed(sim_seen(other));
	assert_same(sim_seen(s), &b);
	free(b.p);
	g1 = &sim_seen(s)->stacks[2];
	for (uint64_t at = g1->from; at < g1->hi; at += 8)
		assert_int_equal(recording_last_write(s->r, STEPS, at),
			recording_last_write(other->r, STEPS, at));
	sim_free(s);
	sim_free(other);
}

static void truncated(void **state)
{
	(void)state;
	truncate_to(0);
	truncate_to(RECORDING_KEYFRAME - 1);
	truncate_to(RECORDING_KEYFRAME);
	truncate_to(RECORDING_KEYFRAME + 1);
	truncate_to(2 * RECORDING_KEYFRAME + 7);
}

/* A cursor that stood where other steps are now. */
static void another_path(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	uint64_t *ax = &sim_m(s, 0)->regs[AX];
	const struct step st = {.m = 0, .state = &s->k.s, .event = {.id = -1}};
	for (*ax = 1; *ax <= 5; ++*ax)
		recording_add(s->r, &st);
	assert_int_equal(cursor_seek(s->cursor, 4)->ms[0].regs[AX], 4);
	recording_truncate(s->r, 2);
	for (*ax = 103; *ax <= 108; ++*ax)
		recording_add(s->r, &st);
	assert_int_equal(cursor_seek(s->cursor, 5)->ms[0].regs[AX], 105);
	assert_int_equal(cursor_seek(s->cursor, 4)->ms[0].regs[AX], 104);
	assert_int_equal(cursor_seek(s->cursor, 2)->ms[0].regs[AX], 2);
	sim_free(s);
}

static void last_writes(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	drive(s, 5, 2000);
	struct {
		uint64_t addr;
		int64_t step;
	} last[256];
	int n = 0;

	for (int64_t i = 1; i <= recording_last(s->r); i++) { /* kept by hand beside it */
		int nwrites;
		const struct word_write *w = recording_writes(s->r, i, &nwrites);
		for (int k = 0; k < nwrites; k++) {
			int j = 0;
			while (j < n && last[j].addr != w[k].addr)
				j++;
			assert_int_equal(recording_last_write(s->r, i - 1, w[k].addr),
				j < n ? last[j].step : 0);
			n += j == n;
			last[j].addr = w[k].addr;
			last[j].step = i;
			assert_int_equal(recording_last_write(s->r, i, w[k].addr), i);
		}
		assert_int_equal(recording_last_write(s->r, i, 8), 0); /* in no stack */
	}
	assert_true(n > 20);
	sim_free(s);
}

static void events_and_output(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	const char *end;
	size_t n;
	recording_add_output(s->r, "at first ", 9);
	for (int i = 1; i <= 4; i++) {
		struct step st = {
			.m = i % 2, .pc = i, .state = &s->k.s, .event = {.id = i == 2 ? 0 : -1}};
		snprintf(st.event.string, sizeof st.event.string, "text %d", i);
		st.output = i == 1 ? "one" : i == 3 ? "three" : NULL;
		st.noutput = st.output ? strlen(st.output) : 0;
		recording_add(s->r, &st);
	}
	assert_null(recording_event(s->r, 0));
	assert_null(recording_event(s->r, 1));
	assert_non_null(recording_event(s->r, 2));
	assert_int_equal(recording_event(s->r, 2)->id, 0);
	assert_string_equal(recording_event(s->r, 2)->string, "text 2");
	recording_output(s->r, 0, &n);
	assert_int_equal(n, 9);
	recording_output(s->r, 2, &n);
	assert_int_equal(n, 12);
	assert_memory_equal(recording_output(s->r, 4, &n), "at first onethree", 17);
	assert_int_equal(n, 17);
	assert_memory_equal(recording_written(s->r, 1, &n), "at first one", 12);
	assert_int_equal(n, 12);
	recording_written(s->r, 2, &n);
	assert_int_equal(n, 0);
	assert_memory_equal(recording_written(s->r, 3, &n), "three", 5);
	assert_int_equal(n, 5);
	assert_int_equal(recording_m(s->r, 3), 1);
	assert_int_equal(recording_pc(s->r, 3), 3);
	bool whole;
	char *text = schedule_tail(recording_schedule(s->r), 3, 80, &whole);
	assert_string_equal(text, "M1 M0 M1");
	assert_true(whole);
	free(text);
	recording_truncate(s->r, -1);
	recording_truncate(s->r, 4);
	recording_truncate(s->r, 5);
	assert_int_equal(recording_last(s->r), 4);
	assert_int_equal(cursor_seek(s->cursor, 4)->last_m, 0);
	assert_int_equal(cursor_seek(s->cursor, 0)->last_m, -1);
	recording_truncate(s->r, 2);
	assert_int_equal(recording_last(s->r), 2);
	recording_output(s->r, 2, &n);
	assert_int_equal(n, 12);
	assert_non_null(recording_event(s->r, 2));
	recording_add(s->r, &(struct step){.state = &s->k.s, .event = {.id = -1}});
	text = schedule_text(recording_schedule(s->r));
	assert_string_equal(text, "M1 M0*2");
	free(text);
	recording_set_end(s->r, RUN_STUCK, "nobody can run");
	assert_int_equal(recording_end(s->r, &end), RUN_STUCK);
	assert_string_equal(end, "nobody can run");
	sim_free(s);
}

/* Ms, Gs and their stacks come, and a stack gets another owner. */
static void growing(void **state)
{
	(void)state;
	struct sim *s = sim_new("clear");
	sim_enter(s, 0, "schedule");
	snapmem_resize(&s->k, 3, 3, 2, 6);
	s->k.s.ms[2] =
		(struct m_state){.id = 2, .g0_stack = 4, .departure.g = 99, .departure.step = 99};
	s->k.s.gs[2] = (struct g_state){.id = 3, .stack = 5, .m = -1, .waitreason = "chan receive"};
	snapmem_set_stack(&s->k, 4, STACK_G0, 2, 0x5000, 0x6000);
	snapmem_set_stack(&s->k, 5, STACK_G, 2, 0x8000, 0x9000);
	sim_hold(&s->k, 0x8ff0);
	snapmem_write(&s->k, 0x8ff0, 0x1234);
	snapmem_resize_global(&s->k, 2);
	s->k.s.global[0] = 3;
	s->k.s.global[1] = 1;
	s->k.s.ps[1].nq = 1;
	s->k.s.ps[1].q[0] = 2;
	sim_status(s, 0, 1, GS_WAITING, -1);
	as_machine(s, 0);
	const struct snapshot *k = sim_seen(s);
	uint64_t word;
	assert_true(snap_read(k, 0x8ff0, &word) && word == 0x1234);
	assert_int_equal(k->global[0], 3);
	assert_string_equal(snap_g(k, 3)->waitreason, "chan receive");
	assert_int_equal(snap_m(k, 2)->departure.g, 0); /* history is not the engine's to tell */
	assert_int_equal(cursor_seek(s->cursor, 1)->nstacks, 4);
	as_machine(s, 0);
	sim_free(s);
}

int test_recording(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_as_it_was),
		cmocka_unit_test(seek_is_linear_replay),
		cmocka_unit_test(truncated),
		cmocka_unit_test(another_path),
		cmocka_unit_test(last_writes),
		cmocka_unit_test(events_and_output),
		cmocka_unit_test(growing),
	};
	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
