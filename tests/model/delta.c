/* SPDX-License-Identifier: MIT */
/* What comes from a file: deltas that say what cannot be. */
#include "model/delta.h"

#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "model_tests.h"

/* A delta of numbers: the letter, then each as it would be packed; ends with END. */
enum { END = -9999 };

static bool applies(
	struct snapmem *k, char letter, const int64_t *unsigned_ones, const int64_t *rest)
{
	struct bytes b = {0};
	put_u8(&b, letter);
	for (; *unsigned_ones != END; unsigned_ones++)
		put_uv(&b, *unsigned_ones);
	for (; *rest != END; rest++)
		put_sv(&b, *rest);
	bool ok = delta_apply(k, reader_of(b.p, b.n));
	free(b.p);
	return ok;
}
#define U(...) ((const int64_t[]){__VA_ARGS__, END})
#define NONE ((const int64_t[]){END})

/* Two Ms, one G, one P, two stacks. */
static struct snapmem small(void)
{
	struct snapmem k;
	snapmem_init(&k, arch_by_name("amd64"));
	snapmem_resize(&k, 2, 1, 1, 2);
	return k;
}

static void registers(void **state)
{
	(void)state;
	struct snapmem k = small();
	assert_true(applies(&k, 'R', U(1, 1, 17), U(5)));
	assert_int_equal(k.s.ms[1].regs[17], 5);
	assert_true(applies(&k, 'R', U(1, 1, 17), U(-7)));
	assert_int_equal(k.s.ms[1].regs[17], -2);
	assert_false(applies(&k, 'R', U(1, 1, 18), U(5))); /* amd64 has 18 */
	assert_false(applies(&k, 'R', U(2, 1, 0), U(5)));  /* there is no third M */
	assert_false(applies(&k, 'R', U(0, 2, 0), U(5)));  /* one of two is missing */
	snapmem_free(&k);
}

static void states(void **state)
{
	(void)state;
	struct snapmem k = small();
	assert_true(applies(&k, 'P', U(0), U(0, -1, 1, 0, 2, 7, 8)));
	assert_true(k.s.ps[0].insyscall);
	assert_int_equal(k.s.ps[0].q[1], 8);
	assert_false(applies(&k, 'P', U(0), U(0, -1, 0, 0, 257)));
	assert_false(applies(&k, 'P', U(0), U(0, -1, 0, 0, -1)));
	assert_false(applies(&k, 'P', U(1), U(0, -1, 0, 0, 0)));
	assert_false(applies(&k, 'G', U(1), U(1)));
	assert_false(applies(&k, 'G', U(0), U(1, GS_DEAD + 1)));
	assert_false(applies(&k, 'M', U(-1), U(1)));
	assert_false(applies(&k, 'H', U(2), U(1)));
	assert_false(applies(&k, 'M', U(0), U(INT64_MAX, 0, 0, 0, 0)));
	assert_true(applies(&k, 'Q', NONE, U(2, 5, 6)));
	assert_int_equal(k.s.global[1], 6);
	assert_false(applies(&k, 'Q', NONE, U(1000000, 5, 6)));
	assert_false(applies(&k, 'Q', NONE, U(-1)));
	for (int i = 0; i < 4; i++) { /* more of one kind than anybody has */
		int64_t counts[] = {0, 0, 0, 0, END};
		counts[i] = 1 << 24;
		assert_false(applies(&k, 'N', counts, NONE));
	}
	assert_false(applies(&k, 'N', U(5000, 0, 0, 0), NONE));
	assert_false(applies(&k, 'x', NONE, NONE));
	snapmem_free(&k);
}

/* kind and id are signed, as is nothing after them: so they are packed by hand here. */
static bool stack_of_words(
	struct snapmem *k, int kind, uint64_t lo, uint64_t size, uint64_t held, int words)
{
	struct bytes b = {0};
	put_u8(&b, 'S');
	put_uv(&b, 0);
	put_sv(&b, kind);
	put_sv(&b, 0);
	put_uv(&b, lo);
	put_uv(&b, size);
	put_uv(&b, held);
	for (int i = 0; i < words; i++)
		put_uv(&b, 77 - i);
	bool ok = delta_apply(k, reader_of(b.p, b.n));
	free(b.p);
	return ok;
}

static bool stack_applies(struct snapmem *k, int kind, uint64_t lo, uint64_t size, uint64_t held)
{
	return stack_of_words(k, kind, lo, size, held, 1);
}

static void stacks(void **state)
{
	(void)state;
	struct snapmem k = small();
	uint64_t word;
	assert_true(stack_applies(&k, STACK_G, 0x1000, 0x100, 8));
	assert_true(snap_read(&k.s, 0x10f8, &word) && word == 77);
	assert_false(stack_applies(&k, STACK_SIGNAL + 1, 0x1000, 0x100, 8));
	assert_false(stack_applies(&k, STACK_G, 0x1001, 0x100, 8));
	assert_false(stack_applies(&k, STACK_G, 0x1000, 0x101, 8));
	assert_false(stack_applies(&k, STACK_G, 0x1000, 0x100, 4));
	assert_false(stack_applies(&k, STACK_G, 0x1000, 0x100, 0x108));
	assert_false(stack_applies(&k, STACK_G, 0x1000, 1 << 25, 8));
	assert_false(stack_applies(&k, STACK_G, 0x1000, 1 << 20, 1 << 20)); /* not so many words */
	assert_false(stack_applies(&k, STACK_G, -(uint64_t)8, 0x100, 8));
	/* All of it held, each word in one byte. */
	assert_true(stack_of_words(&k, STACK_G, 0x1000, 0x100, 0x100, 32));
	assert_true(snap_read(&k.s, 0x1000, &word) && word == 77);
	assert_true(snap_read(&k.s, 0x10f8, &word) && word == 77 - 31);
	assert_false(stack_of_words(&k, STACK_G, 0x1000, 0x100, 0x100, 31));
	snapmem_free(&k);
}

/* Change one field of a state; false: that is all there are. */
static bool change(struct snapshot *s, int field)
{
	struct m_state *m = &s->ms[1];
	struct g_state *g = &s->gs[0];
	struct p_state *p = &s->ps[0];
	struct stack_image *st = &s->stacks[1];

	switch (field) {
	case 0: m->id = 9; break;
	case 1: m->curg = 9; break;
	case 2: m->p = 9; break;
	case 3: m->asleep = true; break;
	case 4: m->exited = true; break;
	case 5: m->spinning = true; break;
	case 6: m->g0_stack = 1; break;
	case 7: m->regs[0] = 9; break;
	case 8: m->regs[17] = 9; break;
	case 9: g->id = 9; break;
	case 10: g->status = GS_WAITING; break;
	case 11: g->m = 9; break;
	case 12: g->stack = 0; break;
	case 13: g->sched_pc = 9; break;
	case 14: g->sched_sp = 9; break;
	case 15: g->sched_bp = 9; break;
	case 16: g->startfn = 9; break;
	case 17: g->waitreason[0] = 'x'; break;
	case 18: p->id = 9; break;
	case 19: p->m = 9; break;
	case 20: p->insyscall = true; break;
	case 21: p->runnext = 9; break;
	case 22: p->nq = 1; break;
	case 23: p->q[1] = 9; break;
	case 24: st->kind = STACK_G; break;
	case 25: st->id = 9; break;
	case 26: st->lo += 8; break;
	case 27: st->hi -= 8, st->from -= 8; break;
	case 28: s->global[0] = 9; break;
	case 29: s->nglobal = 1; break;
	case 30: m->g0_sp = 9; break;
	default: return false;
	}
	return true;
}

/* A state with something of all in it. */
static struct snapmem full(void)
{
	struct snapmem k = small();

	for (int i = 0; i < 2; i++)
		snapmem_set_stack(&k, i, STACK_G0, i, 0x1000 + 0x1000 * i, 0x1100 + 0x1000 * i);
	k.s.gs[0].stack = 1;
	k.s.ps[0].nq = 2;
	snapmem_resize_global(&k, 2);
	return k;
}

/* All of a state in bytes. */
static struct bytes whole(const struct snapshot *s)
{
	struct bytes b = {0};

	delta_whole(&b, s);
	return b;
}

static void whatever_changes_is_in_the_delta(void **state)
{
	(void)state;
	for (int field = 0;; field++) {
		struct snapmem was = full(), now = full();
		struct bytes b = {0};

		bool more = change(&now.s, field);
		delta_state(&b, &was.s, &now.s);
		assert_int_equal(b.n != 0, more); /* of what has not changed it says nothing */
		assert_true(delta_apply(&was, reader_of(b.p, b.n)));
		struct bytes is = whole(&was.s), wanted = whole(&now.s);
		if (is.n != wanted.n || memcmp(is.p, wanted.p, is.n) != 0)
			fail_msg("field %d is not there after its delta", field);
		free(is.p), free(wanted.p), free(b.p);
		snapmem_free(&was), snapmem_free(&now);
		if (!more)
			break;
	}
}

/* What is no register is no change, and of nothing there is nothing, whatever was there before. */
static void what_is_not_there_is_not_in_the_delta(void **state)
{
	(void)state;
	struct snapmem was = full(), now = full(), none;
	struct bytes b = {0};

	now.s.ms[0].regs[now.s.arch->nregs] = 9;
	delta_state(&b, &was.s, &now.s);
	assert_int_equal(b.n, 0);
	snapmem_init(&none, now.s.arch);
	delta_whole(&b, &none.s);
	assert_true(delta_apply(&was, reader_of(b.p, b.n)));
	assert_int_equal(was.s.nms + was.s.ngs + was.s.nps + was.s.nstacks + was.s.nglobal, 0);
	free(b.p);
	snapmem_free(&was), snapmem_free(&now), snapmem_free(&none);
}

/* A reader that has met what cannot be reads 0s. */
static void bad_reads_as_0(void **state)
{
	(void)state;
	const uint8_t endless[12] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1};
	struct reader r = reader_of(endless, sizeof endless);

	assert_true(get_uv(&r) == 0 && r.bad && reader_done(&r));
	assert_true(get_u8(&r) == 0 && get_sv(&r) == 0);
	for (unsigned shift = 0; shift < 64; shift++) {
		const uint64_t v = UINT64_C(0x9a5a5a5a5a5a5a5a) >> shift;
		struct bytes b = {0};
		put_uv(&b, v);
		put_sv(&b, -(int64_t)(v >> 1));
		r = reader_of(b.p, b.n);
		assert_true(get_uv(&r) == v && get_sv(&r) == -(int64_t)(v >> 1));
		assert_true(reader_done(&r) && !r.bad);
		free(b.p);
	}
}

static void soundness(void **state)
{
	(void)state;
	struct snapmem k = small();
	assert_true(snap_is_sound(&k.s));
	k.s.ms[1].g0_stack = 2;
	assert_false(snap_is_sound(&k.s));
	k.s.ms[1].g0_stack = 0;
	k.s.gs[0].stack = -1;
	assert_false(snap_is_sound(&k.s));
	k.s.gs[0].stack = 2;
	assert_false(snap_is_sound(&k.s));
	k.s.gs[0].stack = 1;
	k.s.stacks[1] = (struct stack_image){.kind = STACK_G, .id = 1};
	assert_false(snap_is_sound(&k.s));
	k.s.stacks[1] = (struct stack_image){.kind = STACK_G, .lo = 16, .hi = 8, .from = 8};
	assert_false(snap_is_sound(&k.s));
	k.s.stacks[1] = (struct stack_image){.kind = STACK_G, .lo = 8, .hi = 16, .from = 24};
	assert_false(snap_is_sound(&k.s));
	k.s.stacks[1] = (struct stack_image){.kind = STACK_G, .lo = 8, .hi = 17, .from = 8};
	assert_false(snap_is_sound(&k.s));
	k.s.stacks[1] = (struct stack_image){.kind = STACK_G, .id = -1};
	assert_false(snap_is_sound(&k.s));
	k.s.stacks[1] = (struct stack_image){0};
	k.s.nps = SNAP_MS_MAX + 1;
	assert_false(snap_is_sound(&k.s));
	k.s.nps = 1;
	assert_true(snap_is_sound(&k.s));
	snapmem_free(&k);
}

/* As much of each as there may be, and then one more. */
static void soundness_of_the_largest(void **state)
{
	(void)state;
	struct snapshot s = {
		.nms = SNAP_MS_MAX,
		.ngs = SNAP_GS_MAX,
		.nps = SNAP_MS_MAX,
		.nstacks = SNAP_STACKS_MAX,
		.ndamage = SNAP_DAMAGE_MAX,
	};
	int *count[] = {&s.nms, &s.ngs, &s.nps, &s.nstacks, &s.ndamage};
	s.ms = xcalloc(s.nms, sizeof *s.ms);
	s.gs = xcalloc(s.ngs, sizeof *s.gs);
	s.stacks = xcalloc(s.nstacks, sizeof *s.stacks);
	assert_true(snap_is_sound(&s));
	for (size_t i = 0; i < sizeof count / sizeof *count; i++) {
		++*count[i];
		assert_false(snap_is_sound(&s));
		--*count[i];
	}
	free(s.ms), free(s.gs), free(s.stacks);
}

/* What a delta makes of `was` is damaged as `now` is. */
static void assert_damage(struct snapmem *was, const struct snapshot *now)
{
	struct bytes b = {0};
	delta_state(&b, &was->s, now);
	assert_true(delta_apply(was, reader_of(b.p, b.n)));
	assert_int_equal(was->s.ndamage, now->ndamage);
	for (int i = 0; i < now->ndamage; i++)
		assert_string_equal(was->s.damage[i], now->damage[i]);
	/* And the next one need not say it again. */
	b.n = 0;
	delta_state(&b, &was->s, now);
	assert_int_equal(b.n, 0);
	free(b.p);
}

static void damage(void **state)
{
	(void)state;
	struct snapmem was = small(), now = small();
	struct bytes b = {0};
	now.s.ndamage = 2;
	strcpy(now.s.damage[0], "allgs[1] is G1 again");
	strcpy(now.s.damage[1], "allm is a cycle at M0");
	assert_damage(&was, &now.s);
	strcpy(now.s.damage[1], "allm is a cycle at M1");
	assert_damage(&was, &now.s);
	now.s.ndamage = 0;
	assert_damage(&was, &now.s);
	/* A keyframe does not keep what was said before. */
	was.s.ndamage = 1;
	delta_whole(&b, &now.s);
	assert_true(delta_apply(&was, reader_of(b.p, b.n)));
	assert_int_equal(was.s.ndamage, 0);
	free(b.p);
	assert_false(applies(&was, 'W', U(SNAP_DAMAGE_MAX + 1), NONE));
	assert_false(applies(&was, 'W', U(1, SNAP_DAMAGE_LEN), NONE));
	snapmem_free(&was);
	snapmem_free(&now);
}

int test_delta(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers),
		cmocka_unit_test(states),
		cmocka_unit_test(stacks),
		cmocka_unit_test(whatever_changes_is_in_the_delta),
		cmocka_unit_test(what_is_not_there_is_not_in_the_delta),
		cmocka_unit_test(bad_reads_as_0),
		cmocka_unit_test(soundness),
		cmocka_unit_test(soundness_of_the_largest),
		cmocka_unit_test(damage),
	};
	return cmocka_run_group_tests_name("delta", tests, NULL, NULL);
}
