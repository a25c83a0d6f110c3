/* SPDX-License-Identifier: MIT */
#include "model_tests.h"

#include <string.h>

static void architectures(void **state)
{
	(void)state;
	const struct arch_desc *amd64 = arch_by_name("amd64"), *arm64 = arch_by_name("arm64");
	assert_string_equal(amd64->regs[amd64->pc], "rip");
	assert_string_equal(amd64->regs[amd64->sp], "rsp");
	assert_string_equal(amd64->regs[amd64->fp], "rbp");
	assert_int_equal(amd64->lr, -1);
	assert_string_equal(arm64->regs[arm64->pc], "pc");
	assert_string_equal(arm64->regs[arm64->sp], "sp");
	assert_string_equal(arm64->regs[arm64->fp], "x29");
	assert_string_equal(arm64->regs[arm64->lr], "x30");
	assert_null(arch_by_name("vax"));
}

static void lookups(void **state)
{
	(void)state;
	struct sim *s = sim_new("clear");
	const struct snapshot *k = sim_seen(s);
	const struct stack_image *g1 = &k->stacks[snap_g(k, 1)->stack];
	char name[16];
	uint64_t word;

	assert_int_equal(snap_m(k, 1)->id, 1);
	assert_null(snap_m(k, 7));
	assert_null(snap_g(k, 7));
	assert_int_equal(snap_stack_at(k, g1->lo), 2);
	assert_int_equal(snap_stack_at(k, g1->hi - 1), 2);
	assert_int_equal(snap_stack_at(k, g1->hi), -1);
	assert_int_equal(snap_stack_of_sp(k, g1->hi), 2);
	assert_int_equal(snap_stack_of_sp(k, g1->lo), -1);
	assert_string_equal(snap_stack_name(k, 2, name), "G1");
	assert_string_equal(snap_stack_name(k, 1, name), "M1.g0");
	assert_false(snap_read(k, g1->hi - 8, &word));
	assert_int_equal(snap_owner(k, 1), 1);
	assert_int_equal(snap_owner(k, 2), -1);
	assert_string_equal(status_name(GS_SYSCALL), "syscall");
	assert_string_equal(status_name(GS_DEAD), "dead");
	assert_string_equal(status_name(GS_DEAD + 1), "unknown");
	sim_free(s);
}

static void held_words(void **state)
{
	(void)state;
	struct snapmem k;
	uint64_t word;

	snapmem_init(&k, arch_by_name("amd64"));
	snapmem_resize(&k, 0, 0, 0, 1);
	snapmem_set_stack(&k, 0, STACK_G0, 0, 0x1000, 0x1100);
	assert_false(snapmem_write(&k, 0x10f0, 5));
	snapmem_hold(&k, 0, 0x10f0);
	assert_true(snapmem_write(&k, 0x10f0, 5));
	snapmem_hold(&k, 0, 0x10e0);
	assert_true(snapmem_write(&k, 0x10e0, 6));
	assert_false(snapmem_write(&k, 0x10e1, 7));
	assert_false(snapmem_write(&k, 0x1100, 7));
	assert_true(snap_read(&k.s, 0x10f0, &word) && word == 5);
	assert_true(snap_read(&k.s, 0x10e8, &word) && word == 0);
	assert_true(snap_read(&k.s, 0x10e0, &word) && word == 6);
	assert_false(snap_read(&k.s, 0x10d8, &word));
	assert_false(snap_read(&k.s, 0x10e4, &word));
	/* Where there is no more room they are moved. */
	snapmem_hold(&k, 0, 0x1000);
	assert_true(snap_read(&k.s, 0x10f0, &word) && word == 5);
	assert_true(snap_read(&k.s, 0x10e0, &word) && word == 6);
	assert_true(snap_read(&k.s, 0x1000, &word) && word == 0);
	snapmem_free(&k);
}

/* Ms, Gs and stacks that were there are not found any more. */
static void dropped(void **state)
{
	(void)state;
	struct snapmem k;

	snapmem_init(&k, arch_by_name("amd64"));
	snapmem_resize(&k, 2, 2, 0, 2);
	for (int i = 0; i < 2; i++) {
		k.s.ms[i].id = i;
		k.s.gs[i].id = i + 1;
		snapmem_set_stack(&k, i, STACK_G0, i, 0x1000 * (i + 1), 0x1000 * (i + 1) + 0x100);
	}
	assert_ptr_equal(snap_m(&k.s, 1), &k.s.ms[1]);
	assert_ptr_equal(snap_g(&k.s, 2), &k.s.gs[1]);
	assert_int_equal(snap_stack_at(&k.s, 0x2000), 1);
	snapmem_resize(&k, 1, 1, 0, 1);
	assert_ptr_equal(snap_m(&k.s, 0), &k.s.ms[0]);
	assert_null(snap_m(&k.s, 1));
	assert_null(snap_g(&k.s, 2));
	assert_int_equal(snap_stack_at(&k.s, 0x2000), -1);
	assert_int_equal(snap_stack_of_sp(&k.s, 0x2100), -1);
	snapmem_free(&k);
}

/* What differs between the machine's first state and one that a change was made to. */
static void assert_differs(void (*change)(struct sim *s), const char *what)
{
	struct sim *was = sim_new("keep"), *now = sim_new("keep");
	char words[160] = "";
	drive(was, 1, 500);
	drive(now, 1, 500);
	assert_false(snap_differs(&was->k.s, &now->k.s, words, sizeof words));
	change(now);
	assert_true(snap_differs(&was->k.s, &now->k.s, words, sizeof words));
	if (!strstr(words, what))
		fail_msg("\"%s\" does not say \"%s\"", words, what);
	sim_free(was);
	sim_free(now);
}

static void register_changes(struct sim *s)
{
	sim_m(s, 1)->regs[AX] += 1;
}

static void sleeps(struct sim *s)
{
	sim_m(s, 0)->asleep = true;
}

static void history_changes(struct sim *s)
{
	sim_m(s, 0)->departure.step++;
}

static void status_changes(struct sim *s)
{
	sim_g(s, 2)->status = GS_DEAD;
}

static void goes_on_elsewhere(struct sim *s)
{
	sim_g(s, 1)->sched_bp++;
}

static void word_changes(struct sim *s)
{
	struct stack_image *st = &s->k.s.stacks[1];
	st->words[(st->hi - st->from) / 8 - 1] = 0x77;
}

/* A word that was never written is 0, whether it is held or not. */
static void word_comes(struct sim *s)
{
	struct stack_image *st = &s->k.s.stacks[1];
	sim_hold(&s->k, st->from - 8);
	st->words[0] = 0x78;
}

static void stack_moves(struct sim *s)
{
	s->k.s.stacks[2].lo -= 8;
}

static void m_comes(struct sim *s)
{
	snapmem_resize(&s->k, s->k.s.nms + 1, s->k.s.ngs, s->k.s.nps, s->k.s.nstacks);
}

static void damage_comes(struct sim *s)
{
	s->k.s.ndamage = 1;
}

static void queue_changes(struct sim *s)
{
	snapmem_resize_global(&s->k, s->k.s.nglobal + 1);
}

static void differences(void **state)
{
	(void)state;
	assert_differs(register_changes, "M1's rax is ");
	assert_differs(sleeps, "M0 is asleep, and could");
	assert_differs(history_changes, "M0 has another G, P or history");
	assert_differs(status_changes, "G2 is dead, and was ");
	assert_differs(goes_on_elsewhere, "G1 has another M, or goes on elsewhere");
	assert_differs(word_changes, "M1.g0's word …");
	assert_differs(word_comes, " is 0x78, and was 0x0");
	assert_differs(stack_moves, "the stack of G1 is at ");
	assert_differs(m_comes, "the number of Ms is 3, and was 2");
	assert_differs(damage_comes, "damaged");
	assert_differs(queue_changes, "global run queue");
}

int test_snapshot(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(architectures),
		cmocka_unit_test(lookups),
		cmocka_unit_test(held_words),
		cmocka_unit_test(dropped),
		cmocka_unit_test(differences),
	};
	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
