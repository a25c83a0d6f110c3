/* SPDX-License-Identifier: MIT */
/* Where two runs of one schedule part. */
#include <stdlib.h>
#include <string.h>

#include "model/parting.h"
#include "model_tests.h"

enum { STEPS = 3000, HERE = 1234 };

static struct sim *run_of(const char *policy, int64_t steps)
{
	struct sim *s = sim_new(policy);
	drive(s, 1, steps);
	return s;
}

/* A step of M0 that writes this to a word of its g0's, and to its output; event: of G `event`. */
static void write_step(struct sim *s, uint64_t word, const char *output, int event)
{
	struct stack_image *st = &s->k.s.stacks[sim_m(s, 0)->g0_stack];
	uint64_t addr = st->hi - 8, old = st->words[(st->hi - st->from) / 8 - 1];
	struct word_write w = {addr, old, word};
	struct step step = {.m = 0,
		.pc = m_pc(&s->k.s, sim_m(s, 0)),
		.nwrites = old != word,
		.writes = &w,
		.state = &s->k.s,
		.event = {.id = event ? 0 : -1,
			.nargs = 1,
			.arg = {event},
			.string = "what happens"},
		.output = output,
		.noutput = output ? strlen(output) : 0};
	snapmem_write(&s->k, addr, word);
	recording_add(s->r, &step);
}

static struct sim *was, *is;

static void begin(const char *first, const char *second)
{
	was = run_of(first, HERE);
	is = run_of(second, HERE);
	assert_int_equal(recording_last(was->r), recording_last(is->r));
}

/* What comes to be known of the code later does not make it another step. */
static void code_known_later(void **state)
{
	(void)state;
	struct parting p;
	begin("keep", "clear");
	write_step(was, 0x77777, NULL, 0);
	write_step(is, 0x77777, NULL, 0);
	code_add(was->code, &(struct code_line){.pc = 0x77777, .sym = "mcall_late"});
	parting_find(&p, was->r, is->r);
	assert_int_equal(p.step, -1);
	sim_free(was);
	sim_free(is);
}

/* From there on both do the same; they part so many steps behind it, and it is said where. */
static void assert_parts(int64_t behind, const char *what)
{
	struct parting p;
	int64_t here = recording_last(is->r);
	drive(was, 2, STEPS);
	drive(is, 2, STEPS);
	parting_find(&p, was->r, is->r);
	if (p.step != (what ? here + behind : -1))
		fail_msg("step %d, not %d: %s", (int)p.step, (int)(here + behind), p.what);
	if (what && !strstr(p.what, what))
		fail_msg("\"%s\" does not say \"%s\"", p.what, what);
	sim_free(was);
	sim_free(is);
}

static void the_same(void **state)
{
	(void)state;
	static const char *const policies[] = {"clear", "keep", "g0bp", "cycle"};
	for (int i = 0; i < 16; i++) {
		begin(policies[i / 4], policies[i % 4]);
		assert_parts(0, NULL);
	}
}

static void a_register(void **state)
{
	(void)state;
	begin("keep", "keep");
	sim_m(is, 0)->regs[AX] = 0x77;
	write_step(was, 5, NULL, 0);
	write_step(is, 5, NULL, 0);
	assert_parts(0, "M0's rax is 0x77, and was ");
}

/* A word is noticed under another policy too, unless mcall may have decided it. */
static void a_word(void **state)
{
	(void)state;
	static const char *const policies[] = {"keep", "clear"};
	for (int i = 0; i < 2; i++) {
		begin("keep", policies[i]);
		write_step(was, 0x77, NULL, 0);
		write_step(is, 0x78, NULL, 0);
		assert_parts(0, "M0.g0's word …01f8 is 0x78, and was 0x77");
		begin("keep", policies[i]);
		write_step(was, 0x77, NULL, 0);
		write_step(is, 0, NULL, 0);
		assert_parts(0, "M0.g0's word …01f8 is 0x0, and was 0x77");
	}
	begin("keep", "clear");
	write_step(was, was->k.s.stacks[2].lo + 16, NULL, 0);
	write_step(is, 0, NULL, 0);
	assert_parts(0, NULL);
	begin("keep", "clear");
	write_step(was, sim_addr("mcall_keep") + CALL_FN, NULL, 0);
	write_step(is, sim_addr("mcall_clear") + CALL_FN, NULL, 0);
	assert_parts(0, NULL);
}

static void an_event(void **state)
{
	(void)state;
	begin("keep", "clear");
	write_step(was, 5, NULL, 0);
	write_step(is, 5, NULL, 3);
	assert_parts(0, "M3 has its g0 and begins to schedule, and before there was none");
	begin("keep", "keep");
	write_step(was, 5, NULL, 2);
	write_step(is, 5, NULL, 3);
	assert_parts(
		0, "M3 has its g0 and begins to schedule, and before M2 has its g0 and begins");
}

/* What a step wrote may come behind it. */
static void output(void **state)
{
	(void)state;
	begin("keep", "clear");
	write_step(was, 5, "one", 0);
	write_step(is, 5, "two", 0);
	assert_parts(0, "the program writes something else");
	begin("keep", "keep");
	write_step(was, 5, "onetwo", 0);
	write_step(is, 5, "one", 0);
	recording_add_output(is->r, "two", 3);
	assert_parts(0, NULL);
}

/* They come the same way to where the one goes to another function: its first step is that one. */
static void a_place(void **state)
{
	(void)state;
	begin("keep", "clear");
	int64_t here = recording_last(is->r);
	struct parting p;
	sim_m(was, 0)->regs[IP] = sim_addr("red");
	sim_m(is, 0)->regs[IP] = sim_addr("blue");
	write_step(was, 5, NULL, 0);
	write_step(is, 5, NULL, 0);
	parting_find(&p, was->r, is->r);
	assert_int_equal(p.step, here + 1);
	assert_string_equal(p.what, "M0 executes blue, and executed red before");
	sim_free(was);
	sim_free(is);
}

/* Another M executes: that is another schedule, and nothing is said of it. */
static void another_schedule(void **state)
{
	(void)state;
	struct parting p;
	struct sim *a = run_of("keep", HERE), *b = run_of("keep", HERE);
	write_step(a, 0x77, NULL, 0);
	sim_exec(b, 1);
	parting_find(&p, a->r, b->r);
	assert_int_equal(p.step, -1);
	sim_free(a);
	sim_free(b);
}

/* A run up to HERE, and there a word. It has gone along the trails: where has it parted? */
static int64_t along(struct trails *t, const char *policy, uint64_t word, bool keep)
{
	struct sim *s = run_of(policy, HERE);
	int64_t here = recording_last(s->r);
	struct trail *trail = trail_new(t, s->r);
	assert_int_equal(trail_parts(trail), -1);
	if (word) {
		write_step(s, word, NULL, 0);
		sim_exec(s, 1);
	}
	int64_t parts = trail_parts(trail);
	if (keep)
		trail_keep(trail);
	trail_free(trail);
	sim_free(s);
	assert_true(parts < 0 || parts == here + 1);
	return parts;
}

/* Whatever was run in between, and under whatever policy. */
static void kept(void **state)
{
	(void)state;
	struct trails *t = trails_new();
	assert_int_equal(along(t, "keep", 0x77, true), -1);
	assert_int_equal(along(t, "clear", 0, true), -1);
	assert_int_equal(along(t, "keep", 0, true), -1);
	assert_int_equal(along(t, "keep", 0x77, true), -1);
	assert_int_equal(along(t, "clear", 0x77, false), -1);
	assert_true(along(t, "clear", 0x78, false) > 0);
	assert_true(along(t, "keep", 0x78, true) > 0);
	/* Where two have parted, nobody is at the same place again. */
	assert_true(along(t, "keep", 0x77, false) > 0);
	assert_true(along(t, "cycle", 0x78, false) > 0);
	assert_int_equal(along(t, "keep", 0, false), -1);
	trails_free(t);
}

/* One that was kept goes on later: it parts neither from itself nor, unseen, from another. */
static void coming_back(void **state)
{
	(void)state;
	struct trails *t = trails_new();
	begin("keep", "keep");
	int64_t here = recording_last(was->r);
	struct trail *first = trail_new(t, was->r), *second = trail_new(t, is->r);
	trail_keep(first);
	recording_add_output(was->r, "late", 4);
	write_step(was, 0x77, NULL, 0);
	assert_int_equal(trail_parts(first), -1);
	trail_keep(first);
	recording_add_output(is->r, "late", 4);
	write_step(is, 0x78, NULL, 0);
	assert_int_equal(trail_parts(second), here + 1);
	assert_int_equal(trail_parts(first), here + 1);
	trail_keep(second);
	assert_int_equal(trail_parts(second), here + 1);
	trail_free(first);
	trail_free(second);
	trails_free(t);
	sim_free(was);
	sim_free(is);
}

int test_parting(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same),
		cmocka_unit_test(a_register),
		cmocka_unit_test(a_word),
		cmocka_unit_test(an_event),
		cmocka_unit_test(output),
		cmocka_unit_test(code_known_later),
		cmocka_unit_test(a_place),
		cmocka_unit_test(another_schedule),
		cmocka_unit_test(kept),
		cmocka_unit_test(coming_back),
	};
	return cmocka_run_group_tests_name("parting", tests, NULL, NULL);
}
