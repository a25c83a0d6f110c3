/* SPDX-License-Identifier: MIT */
/* What is said of stacks that no M's SP is in, and which of their words are said to be dead. */
#include <stdlib.h>

#include "grid_tests.h"

/* The moment at step 0, but for what a test has changed. */
static struct session *session_of(struct moment_state *t)
{
	return session_new(timeline_replay(moment_recording(t, "keep")), NULL);
}

static const struct draw *drawn(const struct grid *g, const char *words)
{
	for (size_t i = 0; i < g->n; i++)
		if (strstr(g->draws[i].text, words))
			return &g->draws[i];
	return NULL;
}

/* M1 has gone to G2 from the words of g0 that are there at the start of the moment. */
static void leave_g0(struct moment_state *t, uint64_t pc, uint64_t sp, uint64_t fp)
{
	moment_start(t);
	t->ms[1].g0_sp = MOMENT_M1 - 0x60;
	t->gs[1].status = GS_RUNNING;
	t->gs[1].m = 1;
	t->ms[1].curg = 2;
	t->ms[1].regs[RIP] = pc;
	t->ms[1].regs[RSP] = sp;
	t->ms[1].regs[RBP] = fp;
}

static void nobody_will_be_back(void **state)
{
	(void)state;
	struct moment_state t;
	struct grid g = {0};
	leave_g0(&t, 0x401a00, MOMENT_G2, 0);
	struct session *s = session_of(&t);
	s->focus_m = 1;
	show(&g, s, 118, 38);
	assert_non_null(drawn(&g, "g0 of M1 ─ not in use"));
	assert_non_null(drawn(&g, "left over below …c9a0"));
	assert_null(drawn(&g, "no M is here"));
	grid_free(&g);
	session_close(s);
}

/* What M1 runs was called by what is on its g0. */
static void an_m_will_be_back(void **state)
{
	(void)state;
	struct moment_state t;
	struct grid g = {0};
	leave_g0(&t, 0x401784, MOMENT_G2 - 0x20, MOMENT_M1 - 0x40);
	struct session *s = session_of(&t);
	s->focus_m = 1;
	show(&g, s, 118, 38);
	assert_non_null(drawn(&g, "g0 of M1 ─ M1 will be back"));
	/* A word above g0_sp is as alive as any. */
	const struct draw *word = drawn(&g, "0x0000000000000003");
	assert_true(word && word->role == ROLE_TEXT);
	grid_free(&g);
	session_close(s);
}

/* On a stack of the system's: what it has interrupted is not dead, and its gobuf of long ago. */
static void an_m_is_out_of_sight(void **state)
{
	(void)state;
	struct moment_state t;
	struct grid g = {0};
	leave_g0(&t, 0x401784, 0x5000, 0x5000);
	struct session *s = session_of(&t);
	s->focus_m = 1;
	show(&g, s, 118, 38);
	assert_non_null(drawn(&g, "M1 is on another stack"));
	assert_null(drawn(&g, "gobuf.bp"));
	/* M0 is in G1; of G2's words nobody knows whether they are somebody's locals. */
	const struct draw *box = drawn(&g, "G2 ─ owned by M1");
	assert_non_null(box);
	for (size_t i = 0; i < g.n; i++)
		if (g.draws[i].x > box->x && g.draws[i].x < box->x + box->w &&
			g.draws[i].y > box->y && g.draws[i].y < box->y + box->h)
			assert_null(strstr(g.draws[i].text, "local"));
	grid_free(&g);
	session_close(s);
}

/* There may be thousands of Ms: none of them is taken for another, or for nobody. */
static void ms_of_any_number_have_their_hue(void **state)
{
	(void)state;
	struct moment_state t;
	struct grid g = {0};
	moment_start(&t);
	t.ms[1].id = t.stacks[1].id = t.ps[1].m = SNAP_MS_MAX - 1;
	struct session *s = session_of(&t);
	show(&g, s, 118, 38);
	const struct draw *box = drawn(&g, "g0 of M4095");
	assert_true(box && box->owner == SNAP_MS_MAX - 1);
	grid_free(&g);
	session_close(s);
}

/*
 * A damaged recording may have two stacks in one place. What is read there is the first one's,
 * which has no box where its G has ended: then the other's own chain leads to what is not shown.
 */
static void what_a_chain_leads_to_is_not_shown(void **state)
{
	(void)state;
	struct moment_state t;
	struct grid g = {0};
	moment_start(&t);
	t.ms[0].regs[RBP] = t.ms[0].regs[RSP] = MOMENT_M0 - 0x40;
	t.ms[0].curg = 0;
	t.gs[0].status = GS_DEAD;
	t.gs[0].m = -1;
	t.stacks[2].lo = t.stacks[3].lo;
	t.stacks[2].hi = t.stacks[3].hi;
	t.stacks[2].from = t.stacks[3].from;
	t.gs[1].sched_bp = MOMENT_G2 - 0x20;
	struct session *s = session_of(&t);
	show(&g, s, 118, 38);
	assert_non_null(drawn(&g, "gobuf.bp"));
	assert_null(drawn(&g, "left over by a G that has ended"));
	grid_free(&g);
	session_close(s);
}

int test_absent(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_will_be_back),
		cmocka_unit_test(an_m_will_be_back),
		cmocka_unit_test(an_m_is_out_of_sight),
		cmocka_unit_test(what_a_chain_leads_to_is_not_shown),
		cmocka_unit_test(ms_of_any_number_have_their_hue),
	};
	return cmocka_run_group_tests_name("absent", tests, NULL, NULL);
}
