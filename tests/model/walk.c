/* SPDX-License-Identifier: MIT */
/* Every kind of link, on stacks written by hand. */
#include "model/walk.h"

#include <string.h>

#include "model_tests.h"

static struct chain ch;

/* A machine whose stacks are held whole, with M0 on its g0. */
static struct sim *hand_made(void)
{
	struct sim *s = sim_new("keep");
	for (int i = 0; i < s->k.s.nstacks; i++)
		snapmem_hold(&s->k, i, s->k.s.stacks[i].lo);
	sim_m(s, 0)->regs[SP] = s->k.s.stacks[0].lo + 8;
	sim_m(s, 0)->departure.g = 1;
	return s;
}

/* The address of word `i` of a stack, and a record put there. */
static uint64_t at(struct sim *s, int stack, int i)
{
	return s->k.s.stacks[stack].lo + 8 * i;
}

static void record(struct sim *s, int stack, int i, uint64_t next, uint64_t ret)
{
	snapmem_write(&s->k, at(s, stack, i), next);
	snapmem_write(&s->k, at(s, stack, i + 1), ret);
}

/* Walk from FP = word 2 of M0's g0, where a record leads to `next`; what kind of link is that? */
static enum link link_to(struct sim *s, uint64_t next)
{
	record(s, 0, 2, next, sim_addr("schedule") + BODY);
	sim_m(s, 0)->regs[BP] = at(s, 0, 2);
	walk(&s->k.s, s->code, 0, &ch);
	assert_true(ch.n >= 1);
	assert_int_equal(ch.start, LINK_CALL);
	assert_int_equal(ch.rec[0].ret, sim_addr("schedule") + BODY);
	return ch.rec[0].link;
}

static void in_one_stack(void **state)
{
	(void)state;
	struct sim *s = hand_made();
	assert_int_equal(link_to(s, 0), LINK_TOP);
	assert_int_equal(link_to(s, at(s, 0, 10)), LINK_CALL);
	assert_int_equal(ch.n, 2);
	assert_int_equal(ch.rec[1].fp, at(s, 0, 10));
	assert_int_equal(ch.rec[1].link, LINK_TOP);
	assert_int_equal(link_to(s, at(s, 0, 2)), LINK_CYCLE);
	assert_int_equal(link_to(s, at(s, 0, 0)), LINK_WILD); /* down */
	record(s, 0, 10, at(s, 0, 2), 0);
	assert_int_equal(link_to(s, at(s, 0, 10)), LINK_CALL);
	assert_int_equal(ch.rec[1].link, LINK_CYCLE);
	sim_free(s);
}

static void wild(void **state)
{
	(void)state;
	struct sim *s = hand_made();
	assert_int_equal(link_to(s, at(s, 0, 10) + 4), LINK_WILD);
	assert_int_equal(link_to(s, 8), LINK_WILD);
	assert_int_equal(link_to(s, UINT64_MAX), LINK_WILD);
	assert_int_equal(link_to(s, ~(uint64_t)7), LINK_WILD);
	assert_int_equal(
		link_to(s, s->k.s.stacks[0].hi - 8), LINK_WILD); /* the second word is outside */
	assert_int_equal(link_to(s, s->k.s.stacks[0].hi), LINK_WILD);
	sim_free(s);
}

static void across(void **state)
{
	(void)state;
	struct sim *s = hand_made();
	uint64_t g1 = at(s, 2, 20), g2 = at(s, 3, 20);
	struct g_state *g = sim_g(s, 1);

	g->m = -1;
	assert_int_equal(link_to(s, g1), LINK_IDLE);
	g->m = 0;
	assert_int_equal(link_to(s, g1), LINK_OWN);
	g->m = 1;
	assert_int_equal(link_to(s, g1), LINK_FOREIGN);
	assert_int_equal(ch.n, 2);
	assert_int_equal(ch.rec[1].stack, 2);
	g->status = GS_DEAD;
	g->m = -1;
	assert_int_equal(link_to(s, g1), LINK_FREED);
	assert_int_equal(link_to(s, g2), LINK_FREED); /* not the G that M0 left */
	sim_m(s, 0)->departure.g = 0;
	assert_int_equal(link_to(s, g2), LINK_IDLE);
	assert_int_equal(link_to(s, at(s, 1, 20)), LINK_FOREIGN); /* another M's g0 */
	sim_free(s);
}

/* Only a link that leaves g0 asks which G was left: further on, the owner alone counts. */
static void further_on(void **state)
{
	(void)state;
	struct sim *s = hand_made();
	record(s, 2, 20, at(s, 3, 20), 0);
	record(s, 3, 20, at(s, 0, 30), 0);
	record(s, 0, 30, at(s, 2, 20), 0);
	assert_int_equal(link_to(s, at(s, 2, 20)), LINK_IDLE);
	assert_int_equal(ch.rec[1].link, LINK_IDLE);
	assert_int_equal(ch.rec[2].link, LINK_OWN); /* back to M0's g0 */
	assert_int_equal(ch.rec[3].link, LINK_CYCLE);
	assert_int_equal(ch.n, 4);
	sim_free(s);
}

static void systemstack(void **state)
{
	(void)state;
	struct sim *s = hand_made();
	sim_g(s, 1)->m = 0;
	record(s, 0, 10, at(s, 2, 20), sim_addr("systemstack") + ROOT);
	assert_int_equal(link_to(s, at(s, 0, 10)), LINK_CALL);
	assert_int_equal(ch.rec[1].link, LINK_SYSTEMSTACK);
	record(s, 0, 10, at(s, 2, 20), sim_addr("asmcgocall") + ROOT);
	link_to(s, at(s, 0, 10));
	assert_int_equal(ch.rec[1].link, LINK_SYSTEMSTACK);
	sim_g(s, 1)->m = 1; /* not its own any longer: no matter who calls */
	link_to(s, at(s, 0, 10));
	assert_int_equal(ch.rec[1].link, LINK_FOREIGN);
	sim_free(s);
}

static void the_register(void **state)
{
	(void)state;
	struct sim *s = hand_made();
	uint64_t *r = sim_m(s, 0)->regs;

	sim_g(s, 1)->m = 1;
	r[BP] = at(s, 2, 20);
	walk(&s->k.s, s->code, 0, &ch);
	assert_int_equal(ch.start, LINK_FOREIGN);
	assert_int_equal(ch.n, 1);
	r[BP] = 0;
	walk(&s->k.s, s->code, 0, &ch);
	assert_int_equal(ch.start, LINK_TOP);
	assert_int_equal(ch.n, 0);
	r[SP] = at(s, 0, 40); /* a record below SP */
	r[BP] = at(s, 0, 38);
	walk(&s->k.s, s->code, 0, &ch);
	assert_int_equal(ch.start, LINK_CALL);
	sim_free(s);
}

static void many_records(void **state)
{
	(void)state;
	struct sim *s = hand_made();
	snapmem_set_stack(&s->k, 0, STACK_G0, 0, 0x10000, 0x10000 + 8 * 300);
	snapmem_hold(&s->k, 0, 0x10000);
	sim_m(s, 0)->regs[SP] = 0x10008;
	for (int i = 4; i + 4 < 300; i += 2)
		record(s, 0, i, at(s, 0, i + 2), 1);
	assert_int_equal(link_to(s, at(s, 0, 4)), LINK_CALL);
	assert_int_equal(ch.n, WALK_MAX);
	assert_int_equal(ch.rec[WALK_MAX - 1].link, LINK_CALL);
	sim_free(s);
}

static void names(void **state)
{
	(void)state;
	for (int l = 0; l < LINK_COUNT; l++) {
		assert_true(strlen(link_name(l)) > 0);
		assert_true(strlen(link_sentence(l)) > 10);
	}
	for (int v = 0; v < VERDICT_COUNT; v++) {
		assert_true(strlen(verdict_name(v)) > 0);
		assert_true(strlen(verdict_sentence(v)) > 10);
	}
	assert_string_equal(link_name(LINK_FOREIGN), "foreign");
	assert_string_equal(verdict_name(VERDICT_CHIMERA), "CHIMERA");
	assert_true(link_is_sound(LINK_OWN) && link_is_sound(LINK_SYSTEMSTACK));
	assert_false(link_is_sound(LINK_IDLE) || link_is_sound(LINK_FREED));
}

int test_walk(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_one_stack),
		cmocka_unit_test(wild),
		cmocka_unit_test(across),
		cmocka_unit_test(further_on),
		cmocka_unit_test(systemstack),
		cmocka_unit_test(the_register),
		cmocka_unit_test(many_records),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
