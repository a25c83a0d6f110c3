/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/chunk.h"
#include "model/delta.h"
#include "model/xalloc.h"
#include "model_tests.h"
#include "packed.h"

enum { STEPS = 2 * CHUNK_STEPS + 1000 };

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
		assert_packed(cursor_seek(jumping, step), &was[step]);
	}
	for (int64_t k = 0; k <= 2 * CHUNK_STEPS; k += CHUNK_STEPS)
		for (int64_t i = k + 1; i >= k - 1 && i >= 0; i--)
			assert_packed(cursor_seek(jumping, i), &was[i]);
	assert_int_equal(cursor_seek(jumping, -5)->step, 0);
	assert_int_equal(cursor_seek(jumping, 1 << 30)->step, recording_last(s->r));
	for (int64_t i = 0; i <= STEPS; i++)
		free(was[i].p);
	free(was);
	cursor_free(linear);
	cursor_free(jumping);
	sim_free(s);
}

/* From each step the one before is what it was, and the one after that again. */
static void there_and_back(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	drive(s, 4, STEPS);
	struct cursor *linear = cursor_new(s->r), *c = cursor_new(s->r);
	struct bytes was = packed(cursor_seek(linear, 0));
	for (int64_t i = 1; i <= STEPS; i++) {
		struct bytes now = packed(cursor_seek(linear, i));
		assert_packed(cursor_seek(c, i), &now);
		assert_packed(cursor_seek(c, i - 1), &was);
		assert_packed(cursor_seek(c, i), &now);
		free(was.p);
		was = now;
	}
	free(was.p);
	cursor_free(linear);
	cursor_free(c);
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
	char *text = recording_schedule_tail(s->r, 3, 80, &whole);
	assert_string_equal(text, "M1 M0 M1");
	assert_true(whole);
	free(text);
	assert_int_equal(cursor_seek(s->cursor, 4)->last_m, 0);
	assert_int_equal(cursor_seek(s->cursor, 0)->last_m, -1);
	assert_int_equal(recording_turns(s->r, 0), 0);
	assert_int_equal(recording_turns(s->r, 3), 3);
	recording_add(s->r, &(struct step){.state = &s->k.s, .event = {.id = -1}});
	assert_int_equal(recording_turns(s->r, 5), 4);
	struct schedule turns = recording_schedule(s->r, 1, 5);
	text = schedule_text(&turns);
	assert_string_equal(text, "M0 M1 M0*2");
	free(text);
	schedule_clear(&turns);
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
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(last_writes),
		cmocka_unit_test(events_and_output),
		cmocka_unit_test(growing),
	};
	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
