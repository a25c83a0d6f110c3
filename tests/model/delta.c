/* SPDX-License-Identifier: MIT */
/* What comes from a file: deltas that say what cannot be. */
#include "model/delta.h"

#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "model_tests.h"

/* An item: the letter, then unsigned and signed numbers as they would be packed; END ends each. */
enum { END = -9999 };

static void put_item(struct bytes *b, char letter, const int64_t *u, const int64_t *v)
{
	size_t nu = 0, nv = 0;
	while (u[nu] != END)
		nu++;
	while (v[nv] != END)
		nv++;
	put_u8(b, (uint8_t)letter);
	put_uv(b, nu + nv);
	for (size_t i = 0; i < nu; i++)
		put_uv(b, (uint64_t)u[i]);
	for (size_t i = 0; i < nv; i++)
		put_sv(b, v[i]);
}

static bool goes(
	struct snapmem *k, char letter, const int64_t *u, const int64_t *v, enum delta_way way)
{
	struct bytes b = {0};
	put_item(&b, letter, u, v);
	bool ok = delta_apply(k, reader_of(b.p, b.n), way);
	free(b.p);
	return ok;
}

/* And what it leaves is sound, whatever it was. */
static bool applies(struct snapmem *k, char letter, const int64_t *u, const int64_t *v)
{
	bool ok = goes(k, letter, u, v, DELTA_FORWARD);
	assert_true(snap_is_sound(&k->s));
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
	assert_true(applies(&k, 'R', U(1, 1 << 17), U(5)));
	assert_int_equal(k.s.ms[1].regs[17], 5);
	assert_true(applies(&k, 'R', U(1, 1 << 17 | 1), U(3, -7)));
	assert_int_equal(k.s.ms[1].regs[17], -2);
	assert_int_equal(k.s.ms[1].regs[0], 3);
	assert_true(goes(&k, 'R', U(1, 1 << 17 | 1), U(3, -7), DELTA_BACK));
	assert_int_equal(k.s.ms[1].regs[17], 5);
	assert_int_equal(k.s.ms[1].regs[0], 0);
	assert_true(applies(&k, 'R', U(1, 1 << 18), U(5))); /* amd64 has 18: a later one has more */
	assert_false(applies(&k, 'R', U(2, 1), U(5)));      /* there is no third M */
	assert_false(applies(&k, 'R', U(0, 3), U(5)));      /* one of two is missing */
	snapmem_free(&k);
}

static void states(void **state)
{
	(void)state;
	struct snapmem k = small();
	assert_true(applies(&k, 'P', U(0, 6), U(-1, 1)));
	assert_true(k.s.ps[0].insyscall && k.s.ps[0].m == -1);
	assert_false(applies(&k, 'P', U(1, 1), U(1)));
	assert_false(applies(&k, 'P', U(0, 1), U(INT64_MAX)));
	assert_false(applies(&k, 'G', U(1, 1), U(1)));
	assert_false(applies(&k, 'G', U(0, 2), U(GS_DEAD + 1)));
	assert_false(applies(&k, 'G', U(0, 8), U(2)));               /* there is no third stack */
	assert_false(applies(&k, 'G', U(0, 1 << 11), U(INT64_MAX))); /* a reason without its 0 */
	assert_false(applies(&k, 'M', U(-1, 1), U(1)));
	assert_false(applies(&k, 'M', U(0, 1), U(INT64_MAX)));
	assert_false(applies(&k, 'M', U(0, 16), U(2)));
	assert_false(applies(&k, 'H', U(2, 1), U(1)));
	assert_false(applies(&k, 'H', U(0, 16), U(WALK_MAX + 1)));
	assert_true(applies(&k, 'C', U(0, 2 * WALK_MAX - 1), U(7)));
	assert_int_equal(k.s.ms[0].departure.chain.rec[WALK_MAX - 1].ret, 7);
	assert_false(applies(&k, 'C', U(0, 2 * WALK_MAX - 1), U(7, 8)));
	assert_false(applies(&k, 'C', U(0, -1), U(7)));
	for (int i = 0; i < 4; i++) /* more of one kind than anybody has */
		assert_false(applies(&k, 'N', U(0, 1 << i), U(1 << 24)));
	assert_false(applies(&k, 'N', U(0, 1), U(5000)));
	assert_false(applies(&k, 'N', U(0, 8), U(-2))); /* Ms without a stack */
	assert_true(applies(&k, 'x', U(1, 2), U(3)));   /* of a later g0scope */
	snapmem_free(&k);
}

/* Three come, one goes and another comes, and back again. */
static void queues(void **state)
{
	(void)state;
	struct snapmem k = small();
	for (int which = 0; which < 2; which++) {
		const int *n = which ? &k.s.ps[0].nq : &k.s.nglobal;
		struct bytes one = {0}, other = {0};
		put_item(&one, 'Q', U(which, 0, 3), U(5, 6, 7));
		put_u8(&other, 'Q'), put_uv(&other, 5), put_uv(&other, (uint64_t)which);
		put_uv(&other, 1), put_sv(&other, 5), put_uv(&other, 1), put_sv(&other, 8);
		struct reader come = reader_of(one.p, one.n), go = reader_of(other.p, other.n);
		assert_false(delta_apply(&k, go, DELTA_FORWARD)); /* there is none to go */
		assert_true(delta_apply(&k, come, DELTA_FORWARD));
		const int *q = which ? k.s.ps[0].q : k.s.global;
		assert_true(*n == 3 && q[0] == 5 && q[2] == 7);
		assert_true(delta_apply(&k, go, DELTA_FORWARD));
		assert_true(*n == 3 && q[0] == 6 && q[2] == 8);
		assert_true(delta_apply(&k, go, DELTA_BACK));
		assert_true(*n == 3 && q[0] == 5 && q[2] == 7);
		assert_true(delta_apply(&k, come, DELTA_BACK));
		assert_int_equal(*n, 0);
		assert_false(delta_apply(&k, come, DELTA_BACK));
		free(one.p), free(other.p);
	}
	assert_false(applies(&k, 'Q', U(2, 0, 0), NONE)); /* there is no second P */
	assert_false(applies(&k, 'Q', U(0, 0, 1 << 20), U(5, 6)));
	assert_false(applies(&k, 'Q', U(0, 1 << 20, 0), U(5, 6)));
	snapmem_free(&k);
}

static bool stack_applies(struct snapmem *k, int kind, uint64_t lo, uint64_t size)
{
	const struct stack_image *st = &k->s.stacks[0];
	return applies(k, 'S', U(0, 15),
		U((int64_t)kind - (int64_t)st->kind, 0, (int64_t)(lo - st->lo),
			(int64_t)(size - (st->hi - st->lo))));
}

static void stacks(void **state)
{
	(void)state;
	struct snapmem k = small();
	uint64_t word;
	assert_true(stack_applies(&k, STACK_G, 0x1000, 0x100));
	assert_false(stack_applies(&k, STACK_SIGNAL + 1, 0x1000, 0x100));
	assert_false(stack_applies(&k, STACK_G, 0x1001, 0x100));
	assert_false(stack_applies(&k, STACK_G, 0x1000, 0x101));
	assert_false(stack_applies(&k, STACK_G, 0x1000, 1 << 25));
	assert_false(stack_applies(&k, STACK_G, -(uint64_t)8, 0x100));
	assert_true(applies(&k, 'D', U(0), U(2, 76, 77)));
	assert_true(snap_read(&k.s, 0x10f8, &word) && word == 77);
	assert_true(snap_read(&k.s, 0x10f0, &word) && word == 76);
	assert_false(stack_applies(&k, STACK_G, 0x2000, 0x100)); /* it holds another's words */
	assert_false(applies(&k, 'D', U(0), U(2, 76)));          /* not so many words */
	assert_false(applies(&k, 'D', U(0), U(3, 76, 77)));
	assert_false(applies(&k, 'D', U(0), U(1, 76, 77)));
	assert_false(applies(&k, 'D', U(0), U(-3, 1, 2, 3))); /* it does not hold so many */
	assert_true(applies(&k, 'W', U(0, 1), U(-7)));
	assert_true(snap_read(&k.s, 0x10f8, &word) && word == 70);
	assert_false(applies(&k, 'W', U(0, 1), U(1, 2)));
	assert_false(applies(&k, 'W', U(0, 3), U(1)));
	assert_true(goes(&k, 'W', U(0, 1), U(-7), DELTA_BACK));
	assert_true(goes(&k, 'D', U(0), U(2, 76, 77), DELTA_BACK));
	assert_false(snap_read(&k.s, 0x10f8, &word));
	assert_true(applies(&k, 'D', U(0), U(2, 76, 77)));
	assert_true(applies(&k, 'D', U(0), U(-2, -76, -77)));
	assert_true(goes(&k, 'D', U(0), U(-2, -76, -77), DELTA_BACK));
	assert_true(snap_read(&k.s, 0x10f0, &word) && word == 76);
	k.words_max = 3;
	assert_false(applies(&k, 'D', U(0), U(2, 1, 1)));
	assert_true(applies(&k, 'D', U(0), U(1, 1)));
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
	case 24: st->kind = STACK_SIGNAL; break;
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
	const struct snapshot nothing = {.arch = s->arch};
	struct bytes b = {0};

	delta_all(&b, &nothing, s);
	return b;
}

static void assert_is(const struct snapshot *s, const struct snapshot *wanted, int field)
{
	struct bytes is = whole(s), as = whole(wanted);
	if (is.n != as.n || memcmp(is.p, as.p, is.n) != 0)
		fail_msg("field %d is not there after its delta", field);
	free(is.p), free(as.p);
}

static void whatever_changes_is_in_the_delta(void **state)
{
	(void)state;
	for (int field = 0;; field++) {
		struct snapmem was = full(), now = full(), before = full();
		struct bytes b = {0};

		bool more = change(&now.s, field);
		delta_state(&b, &was.s, &now.s);
		assert_int_equal(b.n != 0, more); /* of what has not changed it says nothing */
		assert_true(delta_apply(&was, reader_of(b.p, b.n), DELTA_FORWARD));
		assert_is(&was.s, &now.s, field);
		assert_true(delta_apply(&was, reader_of(b.p, b.n), DELTA_BACK));
		assert_is(&was.s, &before.s, field);
		free(b.p);
		snapmem_free(&was), snapmem_free(&now), snapmem_free(&before);
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
	delta_all(&b, &was.s, &none.s);
	assert_true(delta_apply(&was, reader_of(b.p, b.n), DELTA_FORWARD));
	assert_int_equal(was.s.nms + was.s.ngs + was.s.nps + was.s.nstacks + was.s.nglobal, 0);
	/* And back there is all again. */
	struct snapmem again = full();
	assert_true(delta_apply(&was, reader_of(b.p, b.n), DELTA_BACK));
	assert_is(&was.s, &again.s, -1);
	snapmem_free(&again);
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

/* What a delta makes of `was` is damaged as `now` is, and back as it was. */
static void assert_damage(struct snapmem *was, const struct snapshot *now)
{
	struct bytes b = {0};
	int before = was->s.ndamage;
	delta_state(&b, &was->s, now);
	assert_true(delta_apply(was, reader_of(b.p, b.n), DELTA_FORWARD));
	assert_true(delta_apply(was, reader_of(b.p, b.n), DELTA_BACK));
	assert_int_equal(was->s.ndamage, before);
	assert_true(delta_apply(was, reader_of(b.p, b.n), DELTA_FORWARD));
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
	now.s.ndamage = 2;
	strcpy(now.s.damage[0], "allgs[1] is G1 again");
	strcpy(now.s.damage[1], "allm is a cycle at M0");
	assert_damage(&was, &now.s);
	strcpy(now.s.damage[1], "allm is a cycle at M1");
	assert_damage(&was, &now.s);
	now.s.ndamage = 0;
	assert_damage(&was, &now.s);
	assert_false(applies(&was, 'X', U(0, SNAP_DAMAGE_MAX + 1), NONE));
	assert_false(applies(&was, 'X', U(0, 1, 'a'), NONE)); /* without its end */
	assert_false(applies(&was, 'X', U(0, 1, 300, 0), NONE));
	snapmem_free(&was);
	snapmem_free(&now);
}

int test_delta(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers),
		cmocka_unit_test(states),
		cmocka_unit_test(queues),
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
