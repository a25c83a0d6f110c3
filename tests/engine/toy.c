/* SPDX-License-Identifier: MIT */
/* The stepper on a machine that is no process: tests/toy.h. */
#include "engine_tests.h"

#include "toy.h"

static struct stepper *open_toy(void)
{
	char err[1024] = "";
	struct image *image = toy_image();
	struct stepper *st = stepper_on(toy_machine(image), image, err, sizeof err);
	if (!st)
		fail_msg("%s", err);
	return st;
}

static void close_toy(struct stepper *st)
{
	struct code *code = stepper_code(st);
	stepper_close(st);
	code_free(code);
}

/* One step of M m, which comes to this event; NULL: to none. Copies equal the memory after it. */
static struct step step_of(struct stepper *st, int m, const char *event)
{
	struct step out;
	const char *said;
	assert_int_equal(stepper_step(st, m, &out), STEP_DONE);
	assert_int_equal(out.m, m);
	assert_int_equal(out.event.id, event ? event_by_name(event) : -1);
	if (stepper_end(st, &said) == RUN_GOES_ON)
		assert_int_equal(stepper_shadow_errors(st), 0);
	assert_int_equal(out.state->ndamage, 0);
	return out;
}

static void wrote(const struct step *out, uint64_t addr, uint64_t now)
{
	uint64_t word = 0;
	assert_int_equal(out->nwrites, 1);
	assert_true(out->writes[0].addr == addr && out->writes[0].now == now);
	assert_true(snap_read(out->state, addr, &word));
	assert_true(word == now);
}

/* M0 alone, at its mstart, with a G to run. */
static void test_begins(void **state)
{
	(void)state;
	struct stepper *st = open_toy();
	const struct snapshot *s = stepper_state(st);
	assert_int_equal(s->nms, 1);
	assert_int_equal(s->ngs, 1);
	assert_int_equal(s->gs[0].status, GS_RUNNABLE);
	assert_int_equal(snap_stack_at(s, m_sp(s, &s->ms[0])), s->ms[0].g0_stack);
	assert_int_equal(s->ndamage, 0);
	close_toy(st);
}

/* What the machine says was written is all that was, a 0 where there was none as well. */
static void test_plays(void **state)
{
	(void)state;
	struct stepper *st = open_toy();
	struct step out = step_of(st, 0, "schedule");
	wrote(&out, TOY_M0 - 0x48, 7);
	assert_false(out.state_changed);
	out = step_of(st, 0, "execute");
	assert_int_equal(out.event.arg[0], 1);
	assert_int_equal(out.state->gs[0].status, GS_RUNNING);
	assert_int_equal(out.state->gs[0].m, 0);
	assert_int_equal(out.state->ms[0].curg, 1);
	out = step_of(st, 0, NULL);
	assert_int_equal(out.nwrites, 2);
	assert_true(out.writes[0].addr == TOY_G1 - 0x10 && out.writes[0].now == 0);
	close_toy(st);
}

/* Up to where M1 has begun. */
static struct stepper *with_two_ms(void)
{
	struct stepper *st = open_toy();
	struct step out;
	for (int i = 0; i < 4; i++)
		stepper_step(st, 0, &out);
	assert_int_equal(stepper_step(st, 1, &out), STEP_NO_M);
	out = step_of(st, 0, NULL);
	assert_int_equal(out.state->nms, 2);
	assert_int_equal(out.state->ms[1].id, 1);
	return st;
}

/* One thread more is M1, which sleeps until M0 has woken it; then it writes into G1's stack. */
static void test_two_ms(void **state)
{
	(void)state;
	char how[80];
	struct step out;
	struct stepper *st = with_two_ms();
	out = step_of(st, 1, "stopm");
	wrote(&out, TOY_M1 - 0x48, 9);
	step_of(st, 1, NULL);
	out = step_of(st, 1, NULL);
	assert_true(out.state->ms[1].asleep);
	assert_int_equal(stepper_step(st, 1, &out), STEP_ASLEEP);
	stepper_sleeps(st, 1, how, sizeof how);
	assert_string_equal(how, "in a toy, until the script wakes it");
	step_of(st, 0, NULL);
	out = step_of(st, 0, NULL);
	assert_false(out.state->ms[1].asleep);
	out = step_of(st, 1, "wakem");
	wrote(&out, TOY_G1 - 0x18, 11);
	close_toy(st);
}

static void test_is_over(void **state)
{
	(void)state;
	const char *said;
	struct step out;
	struct stepper *st = with_two_ms();
	step_of(st, 0, NULL);
	step_of(st, 0, NULL);
	step_of(st, 0, "exit");
	out = step_of(st, 0, NULL);
	assert_int_equal(out.noutput, 7);
	assert_memory_equal(out.output, "played\n", 7);
	assert_int_equal(stepper_end(st, &said), RUN_EXITED);
	assert_string_equal(said, "the program ended with status 3");
	assert_int_equal(stepper_step(st, 1, &out), STEP_ENDED);
	close_toy(st);
}

/* Executes whose turn the script says it is, up to the end. */
static void play_out(struct machine *mc)
{
	for (int i = 0; i < TOY_INSNS; i++) {
		struct thread *t = mc->threads[toy_script[i].thread];
		mc->ops->collect(mc);
		assert_int_equal(t->state, HELD);
		mc->ops->step(mc, t, NULL);
	}
	assert_int_equal(mc->ending.how, EXITED);
}

static uint64_t word_at(const struct machine *mc, uint64_t addr)
{
	uint64_t word = 0;
	assert_int_equal(mc->ops->read(mc, addr, &word, sizeof word), sizeof word);
	return word;
}

/* From a snapshot it goes on as it did from there, as often as one goes back. */
static void test_goes_back(void **state)
{
	(void)state;
	struct image *image = toy_image();
	struct machine *mc = toy_machine(image);
	const struct machine_ops *ops = mc->ops;
	struct thread first = *mc->threads[0];
	struct machine_state *begin = ops->snapshot(mc);
	for (int i = 0; i < 3; i++) {
		machine_forget_writes(mc);
		play_out(mc);
		assert_int_equal(mc->nthreads, 2);
		assert_int_equal(mc->noutput, 7);
		assert_int_equal(word_at(mc, TOY_G1 - 0x18), 11);
		ops->restore(mc, begin);
		assert_int_equal(mc->ending.how, GOES_ON);
		assert_int_equal(mc->nthreads, 1);
		assert_int_equal(mc->noutput, 0);
		assert_int_equal(word_at(mc, TOY_G1 - 0x18), 0);
		assert_int_equal(mc->wrote.reach, TO_ANY_MEMORY);
		assert_memory_equal(mc->threads[0], &first, sizeof first);
	}
	ops->state_free(begin);
	ops->close(mc);
	struct code *code = image_table(image);
	image_close(image);
	code_free(code);
}

int test_toy(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begins),
		cmocka_unit_test(test_plays),
		cmocka_unit_test(test_two_ms),
		cmocka_unit_test(test_is_over),
		cmocka_unit_test(test_goes_back),
	};
	return cmocka_run_group_tests_name("toy", tests, NULL, NULL);
}
