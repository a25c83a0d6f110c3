/* SPDX-License-Identifier: MIT */
/* Snapshots of the emulated machine: wherever it has gone, it is as it was, and goes on so. */
#include "engine_tests.h"

#include <stdio.h>
#include <string.h>

#include "machine/emulated.h"
#include "machine/machine.h"

enum { KEPT = 6, ACTIONS = 400 };
#define IMAGE 0x400000ull
#define MAPS 0x100000000ull /* where the program maps has its memory */

static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ b[i]) * 0x100000001b3;
	return hash;
}

/* As much as there is from addr on, at most n bytes. */
static uint64_t mix_memory(uint64_t hash, const struct machine *mc, uint64_t addr, uint64_t n)
{
	static uint8_t bytes[1 << 16];
	for (ssize_t got = 1; n > 0 && got > 0; addr += (uint64_t)got, n -= (uint64_t)got) {
		got = mc->ops->read(mc, addr, bytes, n < sizeof bytes ? n : sizeof bytes);
		hash = got > 0 ? mix(hash, bytes, (size_t)got) : hash;
		if (got <= 0)
			break;
	}
	return hash;
}

/* Of what is at hand: threads, their stacks around SP, the program's data, its heap, its end. */
static uint64_t hash_of(const struct machine *mc)
{
	uint64_t hash = mix(0xcbf29ce484222325, &mc->ending.how, sizeof mc->ending.how);
	hash = mix(hash, &mc->nthreads, sizeof mc->nthreads);
	for (size_t i = 0; i < mc->nthreads; i++) {
		const struct thread *t = mc->threads[i];
		hash = mix(hash, &t->state, sizeof t->state);
		hash = mix(hash, t->regs, (size_t)mc->arch->nregs * sizeof *t->regs);
		hash = mix_memory(hash, mc, t->regs[mc->arch->sp] & ~4095ull, 8192);
	}
	for (uint64_t i = 0; i < 16; i++)
		hash = mix_memory(hash, mc, MAPS + (i << 24), 16384);
	hash = mix_memory(hash, mc, IMAGE, 64 << 20);
	return mix(hash, mc->output, mc->noutput);
}

static void thread_acts(struct machine *mc, struct thread *t, uint64_t *x)
{
	static const struct insn any;
	struct expected e = {t, (int64_t)(draw(x) % 100)};
	int64_t since = 0;
	if (draw(x) % 2)
		mc->ops->expect(mc, &e, 1);
	for (uint64_t n = draw(x) % 200; n > 0 && t->state == HELD; n--)
		mc->ops->step(mc, t, &any);
	mc->ops->collect(mc);
	if (t->state == ASLEEP && draw(x) % 2)
		mc->ops->doze(mc, t, &since);
	machine_forget_writes(mc);
}

/* Some threads do something. */
static void act(struct machine *mc, uint64_t seed)
{
	for (int i = 0; i < 12 && mc->ending.how == GOES_ON; i++)
		thread_acts(mc, mc->threads[draw(&seed) % mc->nthreads], &seed);
}

struct kept {
	struct machine_state *state; /* NULL: none */
	uint64_t hash, seed, next;   /* what comes of that seed; seed 0: not known */
};

static void forget(struct machine *mc, struct kept *k)
{
	if (k->state)
		mc->ops->state_free(k->state);
	*k = (struct kept){0};
}

static void keep(struct machine *mc, struct kept *k)
{
	forget(mc, k);
	k->state = mc->ops->snapshot(mc);
	k->hash = hash_of(mc);
}

/* Be there again, and do what was done from there before. */
static void go_back(struct machine *mc, struct kept *k, uint64_t seed)
{
	if (!k->state)
		return;
	mc->ops->restore(mc, k->state);
	assert_int_equal(mc->wrote.reach, TO_ANY_MEMORY);
	assert_true(hash_of(mc) == k->hash);
	bool known = k->seed != 0;
	k->seed = known ? k->seed : seed;
	act(mc, k->seed);
	uint64_t hash = hash_of(mc);
	assert_true(!known || hash == k->next);
	k->next = hash;
}

/* The first time it may be where it never was before. */
static void act_twice(struct machine *mc, uint64_t seed)
{
	struct machine_state *from = mc->ops->snapshot(mc);
	act(mc, seed);
	uint64_t first = hash_of(mc);
	mc->ops->restore(mc, from);
	act(mc, seed);
	assert_true(hash_of(mc) == first);
	mc->ops->state_free(from);
}

static void wander(const char *program, const char *arg)
{
	char err[SENTENCE_MAX], copy[32], *args[] = {copy, NULL};
	struct kept kept[KEPT] = {0};
	uint64_t x = 1;
	snprintf(copy, sizeof copy, "%s", arg);
	if (!emulated_is_there(err, sizeof err))
		skip();
	struct stepper *st = open_stepper(program, args, 3, true);
	struct machine *mc = stepper_machine(st);
	for (int i = 0; i < ACTIONS; i++) {
		struct kept *k = &kept[draw(&x) % KEPT];
		switch (draw(&x) % 6) {
		case 0: keep(mc, k); break;
		case 1: forget(mc, k); break;
		case 2: act_twice(mc, draw(&x)); break;
		default: go_back(mc, k, draw(&x) | 1);
		}
	}
	for (int i = 0; i < KEPT; i++)
		forget(mc, &kept[i]);
	close_stepper(st);
}

static void test_naps(void **state)
{
	(void)state;
	wander(built("tests/programs/busy"), "naps");
}

/* Pipes, threads that begin and end. */
static void test_pipes(void **state)
{
	(void)state;
	wander(example("21_echo"), "3");
}

/* Stacks are mapped and go. */
static void test_stacks(void **state)
{
	(void)state;
	wander(example("12_mergesort"), "3");
}

/* Memory is mapped at places of its own, is given back, and comes anew as zeros. */
static void test_maps(void **state)
{
	(void)state;
	wander(built("tests/programs/maps"), "");
}

int test_kept_machine(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_naps),
		cmocka_unit_test(test_pipes),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_maps),
	};
	return cmocka_run_group_tests_name("kept_machine", tests, NULL, NULL);
}
