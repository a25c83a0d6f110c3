/* SPDX-License-Identifier: MIT */
/* The story that everything is about, and each verdict. */
#include "model_tests.h"

#include <stdio.h>
#include <string.h>

static struct answer a;

#define CHAIN_IS(s, m, text) assert_string_equal(sim_chain(s, m, &a), text)

/* M0 has started G1, which has come through red to gosched; M1 is in schedule. */
static struct sim *up_to_gosched(const char *policy, void (*after)(struct sim *, int))
{
	struct sim *s = sim_new(policy);
	s->after = after;
	sim_enter(s, 1, "schedule");
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	sim_enter(s, 0, "red");
	sim_enter(s, 0, "gosched");
	return s;
}

/* From there: M0 gives G1 up on g0; M1 takes it and returns to red's body. */
static void give_away(struct sim *s)
{
	sim_mcall(s, 0, "gosched_m");
	sim_enter(s, 0, "casgstatus");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	sim_leave(s, 0);
	sim_gogo(s, 1, 1);
	sim_enter(s, 1, "gresumed");
	sim_leave(s, 1);
	sim_leave(s, 1);
	sim_leave(s, 1);
}

static void story_under_keep(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);

	CHAIN_IS(s, 0, "gosched red worker goexit_stub [top] VALID");
	sim_mcall(s, 0, "gosched_m");
	CHAIN_IS(s, 0,
		"gosched_m mcall_keep [own] mcall gosched red worker goexit_stub [top] VALID");
	assert_int_equal(a.truth.n, 7);
	assert_int_equal(a.truth.gave_up_g, 0);
	sim_enter(s, 0, "casgstatus");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	int64_t gave_up = recording_last(s->r);
	CHAIN_IS(s, 0,
		"casgstatus gosched_m mcall_keep [idle] mcall gosched red worker goexit_stub [top] "
		"STALE");
	assert_int_equal(a.truth.n, 3);
	assert_int_equal(a.truth.gave_up_g, 1);
	assert_int_equal(a.truth.gave_up_step, gave_up);
	assert_true(a.chain.rec[1].in_truth);
	assert_false(a.chain.rec[2].in_truth);

	sim_enter(s, 1, "execute");
	sim_status(s, 1, 1, GS_RUNNING, 1);
	CHAIN_IS(s, 0,
		"casgstatus gosched_m mcall_keep [foreign] mcall gosched red worker goexit_stub "
		"[top] STALE");
	sim_free(s);
}

static void chimera_under_keep(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);
	give_away(s);
	sim_leave(s, 1);
	sim_enter(s, 1, "blue");
	sim_enter(s, 1, "repaint");
	sim_enter(s, 1, "blue");
	sim_enter(s, 1, "red");
	CHAIN_IS(s, 0,
		"gosched_m mcall_keep [foreign] blue repaint blue worker goexit_stub [top] "
		"CHIMERA");
	CHAIN_IS(s, 1, "red blue repaint blue worker goexit_stub [top] VALID");
	assert_int_equal(a.missing, 0);
	sim_free(s);
}

static void story_under_clear(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("clear", NULL);

	sim_mcall(s, 0, "gosched_m");
	CHAIN_IS(s, 0, "gosched_m mcall_clear [top] VALID");
	assert_true(a.cut); /* G1 is still M0's, and its frames are not told */
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	CHAIN_IS(s, 0, "gosched_m mcall_clear [top] VALID");
	assert_false(a.cut);
	sim_free(s);
}

static void windows(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);

	sim_call(s, 0, "blue");
	CHAIN_IS(s, 0, "blue red worker goexit_stub [top] VALID");
	assert_int_equal(a.missing, 1);
	assert_int_equal(a.truth.hidden, 1);
	sim_exec(s, 0);
	CHAIN_IS(s, 0, "blue red worker goexit_stub [top] VALID");
	assert_int_equal(a.missing, 1);
	assert_int_equal(a.truth.hidden, 1);
	sim_exec(s, 0);
	CHAIN_IS(s, 0, "blue gosched red worker goexit_stub [top] VALID");
	assert_int_equal(a.missing, 0);
	assert_int_equal(a.truth.hidden, 0);
	sim_exec(s, 0);
	sim_m(s, 0)->regs[IP] = sim_addr("blue") + LEAVE;
	sim_exec(s, 0);
	CHAIN_IS(s, 0, "blue red worker goexit_stub [top] VALID");
	assert_int_equal(a.missing, 1);
	assert_int_equal(a.truth.hidden, 1);
	sim_free(s);
}

/* gogo between its loads of SP and BP, and at its jump. */
static void gogo_window(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("clear", NULL);
	sim_mcall(s, 0, "gosched_m");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	sim_m(s, 1)->curg = 1;
	sim_enter(s, 1, "execute");
	sim_status(s, 1, 1, GS_RUNNING, 1);
	sim_call(s, 1, "gogo");
	for (int i = 0; i < 3; i++)
		sim_exec(s, 1);
	CHAIN_IS(s, 1, "gogo [own] execute schedule mstart [top] VALID");
	assert_int_equal(a.truth.frame[0].stack, sim_m(s, 1)->g0_stack);
	sim_exec(s, 1);
	CHAIN_IS(s, 1, "gogo gosched red worker goexit_stub [top] VALID");
	assert_int_equal(a.missing, 1);
	assert_int_equal(a.truth.n, 6);
	sim_exec(s, 1);
	CHAIN_IS(s, 1, "mcall gosched red worker goexit_stub [top] VALID");
	sim_free(s);
}

/* mcall_<policy> with SP on g0 already and BP still on the G. */
static void switch_window(void **state)
{
	static const char *const after_policy[][2] = {
		{"clear", "mcall_clear [top] VALID"},
		{"keep", "mcall_keep [own] mcall gosched red worker goexit_stub [top] VALID"},
	};
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct sim *s = up_to_gosched(after_policy[i][0], NULL);
		char name[32];
		snprintf(name, sizeof name, "mcall_%s", after_policy[i][0]);
		sim_enter(s, 0, "mcall");
		sim_call(s, 0, name);
		for (int k = 0; k < 4; k++)
			sim_exec(s, 0);
		char before[128];
		snprintf(before, sizeof before,
			"%s [own] mcall gosched red worker goexit_stub [top] VALID", name);
		CHAIN_IS(s, 0, before);
		sim_exec(s, 0);
		CHAIN_IS(s, 0, after_policy[i][1]);
		sim_free(s);
	}
}

static void cycle_policy(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("cycle", NULL);
	sim_mcall(s, 0, "gosched_m");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	sim_gogo(s, 1, 1);
	/* BP is mcall_cycle's dead record, below SP, which names mcall a second time. */
	CHAIN_IS(s, 1, "mcall mcall gosched red worker goexit_stub [top] MISLEADING");
	sim_enter(s, 1, "gresumed");
	CHAIN_IS(s, 1, "gresumed mcall [cycle] CYCLE");
	sim_leave(s, 1);
	sim_leave(s, 1);
	CHAIN_IS(s, 1, "gosched red worker goexit_stub [top] VALID");
	sim_free(s);
}

/* Without a record of what M0 left behind, where the link leads tells. */
static void nothing_is_known_of_what_was_left(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);

	sim_mcall(s, 0, "gosched_m");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	judge(sim_seen(s), s->code, NULL, 0, &a);
	assert_int_equal(a.verdict, VERDICT_STALE);
	sim_enter(s, 1, "execute");
	sim_status(s, 1, 1, GS_RUNNING, 1);
	judge(sim_seen(s), s->code, NULL, 0, &a);
	assert_int_equal(a.verdict, VERDICT_CHIMERA);
	sim_free(s);
}

/* M0 takes G1 back: alone it is as if it had never given it up; after M1 has run it, it is not. */
static void taken_back(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);
	sim_mcall(s, 0, "gosched_m");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	sim_enter(s, 0, "schedule");
	sim_status(s, 0, 1, GS_RUNNING, 0);
	CHAIN_IS(s, 0,
		"schedule gosched_m mcall_keep [own] mcall gosched red worker goexit_stub [top] "
		"VALID");
	sim_free(s);

	s = up_to_gosched("keep", NULL);
	give_away(s);
	sim_leave(s, 1);
	for (int i = 0; i < 4; i++)
		sim_enter(s, 1, "blue");
	sim_mcall(s, 1, "gosched_m");
	sim_status(s, 1, 1, GS_RUNNABLE, -1);
	sim_status(s, 0, 1, GS_RUNNING, 0);
	CHAIN_IS(s, 0,
		"gosched_m mcall_keep [own] blue blue blue worker goexit_stub [top] MISLEADING");
	assert_int_equal(a.truth.gave_up_g, 1);
	sim_free(s);
}

static void dead_and_reused(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);
	sim_mcall(s, 0, "goexit0");
	sim_status(s, 0, 1, GS_DEAD, -1);
	CHAIN_IS(s, 0,
		"goexit0 mcall_keep [freed] mcall gosched red worker goexit_stub [top] STALE");
	sim_g(s, 1)->id = 9; /* the stack's next G */
	sim_status(s, 0, 9, GS_RUNNABLE, -1);
	CHAIN_IS(s, 0,
		"goexit0 mcall_keep [freed] mcall gosched red worker goexit_stub [top] STALE");
	sim_status(s, 1, 9, GS_RUNNING, 1);
	CHAIN_IS(s, 0,
		"goexit0 mcall_keep [freed] mcall gosched red worker goexit_stub [top] STALE");
	sim_free(s);
}

static void wild_and_nofp(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);
	uint64_t *r = sim_m(s, 0)->regs, bp = r[BP];

	r[BP] = 0xdead0000;
	sim_status(s, 0, 1, GS_RUNNING, 0);
	CHAIN_IS(s, 0, "gosched [wild] WILD");
	r[BP] = bp + 1;
	sim_status(s, 0, 1, GS_RUNNING, 0);
	CHAIN_IS(s, 0, "gosched [wild] WILD");
	r[IP] = sim_addr("library") + BODY;
	sim_status(s, 0, 1, GS_RUNNING, 0);
	CHAIN_IS(s, 0, "library [wild] NOFP");
	r[IP] = sim_addr("red") + BODY;
	r[SP] = 0x1000;
	sim_status(s, 0, 1, GS_RUNNING, 0);
	CHAIN_IS(s, 0, "red [wild] NOFP");
	sim_free(s);
}

/*
 * Two Gs that stand at the same place: M0's link leads to the same return addresses on the
 * stack of the other one.
 */
static void the_same_frames_elsewhere(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);
	sim_gogo(s, 1, 2);
	sim_enter(s, 1, "worker");
	sim_enter(s, 1, "red");
	sim_enter(s, 1, "gosched");
	uint64_t in_g1 = sim_m(s, 0)->regs[BP], in_g2 = sim_m(s, 1)->regs[BP];
	sim_mcall(s, 1, "gosched_m");
	sim_mcall(s, 0, "gosched_m");
	CHAIN_IS(s, 0,
		"gosched_m mcall_keep [own] mcall gosched red worker goexit_stub [top] VALID");
	uint64_t link = a.chain.rec[0].fp;
	snapmem_write(&s->k, link, a.chain.rec[0].next - in_g1 + in_g2);
	sim_m(s, 0)->departure.g = 1; /* history, which the recording keeps otherwise */
	judge(&s->k.s, s->code, NULL, 0, &a);
	assert_int_equal(a.chain.n, 6);
	assert_int_equal(a.chain.rec[0].link, LINK_FREED); /* G2 is not what M0 left */
	assert_int_equal(a.verdict, VERDICT_CHIMERA);
	sim_free(s);
}

/*
 * As g0bp may: on g0 with a frame pointer to real records of the M's own G, but not to
 * mcall's caller's.
 */
static void misleading(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);
	sim_judge(s, 0, &a);
	uint64_t worker = a.chain.rec[2].fp;
	sim_enter(s, 0, "mcall");
	sim_call(s, 0, "mcall_keep");
	for (int i = 0; i < 5; i++)
		sim_exec(s, 0);
	sim_m(s, 0)->regs[BP] = worker;
	sim_enter(s, 0, "gosched_m");
	CHAIN_IS(s, 0, "gosched_m mcall_keep [own] goexit_stub [top] MISLEADING");
	sim_free(s);
}

/*
 * A wrong frame of its own stack first, and then the words of the call: it is no longer
 * that call.
 */
static void wrong_before_it_is_stale(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("keep", NULL);
	sim_enter(s, 0, "mcall");
	sim_call(s, 0, "mcall_keep");
	for (int i = 0; i < 5; i++)
		sim_exec(s, 0);
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	CHAIN_IS(s, 0, "mcall_keep [idle] mcall gosched red worker goexit_stub [top] STALE");
	uint64_t *r = sim_m(s, 0)->regs, fake = r[SP] - 64;
	sim_hold(&s->k, fake);
	snapmem_write(&s->k, fake, r[BP]);
	snapmem_write(&s->k, fake + 8, sim_addr("blue") + BODY);
	r[BP] = fake;
	sim_m(s, 0)->departure.g = 1;
	judge(&s->k.s, s->code, sim_departed(s, recording_last(s->r), 0), 0, &a);
	assert_int_equal(a.chain.n, 6);
	assert_int_equal(a.verdict, VERDICT_CHIMERA);
	sim_free(s);
}

static void by_systemstack(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("clear", NULL);
	sim_call(s, 0, "systemstack");
	for (int i = 0; i < 5; i++)
		sim_exec(s, 0);
	CHAIN_IS(s, 0, "systemstack [systemstack] gosched red worker goexit_stub [top] VALID");
	sim_enter(s, 0, "schedule");
	CHAIN_IS(s, 0,
		"schedule systemstack [systemstack] gosched red worker goexit_stub [top] VALID");
	sim_free(s);
}

/* An M whose g0 lies above the G's stack: the truth goes down there and on. */
static void by_systemstack_to_a_lower_stack(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("clear", NULL);
	sim_call(s, 0, "systemstack");
	for (int i = 0; i < 5; i++)
		sim_exec(s, 0);
	sim_enter(s, 0, "schedule");
	uint64_t *r = sim_m(s, 0)->regs, words[2];
	uint64_t hi = s->k.s.stacks[snap_g(&s->k.s, 2)->stack].hi + 0x10000;
	for (int i = 0; i < 2; i++)
		assert_true(snap_read(&s->k.s, r[BP] + 8 * i, &words[i]));
	snapmem_set_stack(&s->k, 0, STACK_G0, 0, hi - 512, hi);
	sim_hold(&s->k, hi - 16);
	r[BP] = hi - 16;
	r[SP] = hi - 32;
	for (int i = 0; i < 2; i++)
		snapmem_write(&s->k, r[BP] + 8 * i, words[i]);
	judge(&s->k.s, s->code, NULL, 0, &a);
	assert_int_equal(a.verdict, VERDICT_VALID);
	assert_true(a.truth.whole);
	assert_int_equal(a.truth.n, 6); /* schedule systemstack gosched red worker goexit_stub */
	sim_free(s);
}

/* Where nothing is known of how to unwind, what the walk says of own stacks cannot be refuted. */
static void no_cfi(void **state)
{
	(void)state;
	struct sim *s = up_to_gosched("clear", NULL);
	sim_m(s, 0)->regs[IP] = 0x999000;
	sim_status(s, 0, 1, GS_RUNNING, 0);
	CHAIN_IS(s, 0, "? red worker goexit_stub [top] VALID");
	assert_int_equal(a.truth.n, 1);
	assert_false(a.truth.whole || a.truth.hidden);
	judge(sim_seen(s), s->code, NULL, 77, &a); /* an M that does not exist */
	assert_int_equal(a.chain.n, 0);
	assert_int_equal(a.truth.n, 0);
	assert_true(a.truth.whole);
	assert_int_equal(a.truth.gave_up_g, 0);
	assert_int_equal(a.truth.gave_up_step, -1);
	sim_free(s);
}

/* All Ms, after every single instruction. */
static void all_valid(struct sim *s, int m)
{
	(void)m;
	for (int i = 0; i < 2; i++) {
		const char *chain = sim_chain(s, i, &a);
		if (a.verdict != VERDICT_VALID)
			fail_msg("step %lld: M%d: %s", (long long)recording_last(s->r), i, chain);
	}
}

static void clear_is_always_valid(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 10; seed++) {
		struct sim *s = sim_new("clear");
		s->after = all_valid;
		drive(s, seed, 3000);
		sim_free(s);
	}
}

static int seen[VERDICT_COUNT];

/*
 * An M on a G's stack is right under keep too; on g0 anything but nonsense about its own
 * frames may happen.
 */
static void count_verdicts(struct sim *s, int m)
{
	(void)m;
	for (int i = 0; i < 2; i++) {
		const char *chain = sim_chain(s, i, &a);
		const struct snapshot *k = sim_seen(s);
		seen[a.verdict]++;
		if (a.verdict != VERDICT_VALID && snap_m(k, i)->departure.g == 0)
			fail_msg("step %lld: M%d: %s", (long long)recording_last(s->r), i, chain);
	}
}

static void keep_is_wrong_on_g0_only(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 10; seed++) {
		struct sim *s = sim_new("keep");
		s->after = count_verdicts;
		drive(s, seed, 3000);
		sim_free(s);
	}
	assert_true(seen[VERDICT_VALID] > 10000);
	assert_true(seen[VERDICT_STALE] > 100);
	assert_true(seen[VERDICT_CHIMERA] > 100);
}

int test_verdict(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(story_under_keep),
		cmocka_unit_test(chimera_under_keep),
		cmocka_unit_test(story_under_clear),
		cmocka_unit_test(windows),
		cmocka_unit_test(gogo_window),
		cmocka_unit_test(switch_window),
		cmocka_unit_test(cycle_policy),
		cmocka_unit_test(nothing_is_known_of_what_was_left),
		cmocka_unit_test(taken_back),
		cmocka_unit_test(dead_and_reused),
		cmocka_unit_test(wild_and_nofp),
		cmocka_unit_test(the_same_frames_elsewhere),
		cmocka_unit_test(wrong_before_it_is_stale),
		cmocka_unit_test(misleading),
		cmocka_unit_test(by_systemstack),
		cmocka_unit_test(by_systemstack_to_a_lower_stack),
		cmocka_unit_test(no_cfi),
		cmocka_unit_test(clear_is_always_valid),
		cmocka_unit_test(keep_is_wrong_on_g0_only),
	};
	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
