/* SPDX-License-Identifier: MIT */
/* What Gs wait for, as a part of a state: its changes, what cannot be, and what a file brings. */
#include "model/wait.h"

#include <stdlib.h>
#include <string.h>

#include "model/delta.h"
#include "model_tests.h"

static void put_one(struct snapmem *k, enum wait_kind kind, uint64_t addr, const uint64_t *number)
{
	int place = k->s.waits.n;
	snapmem_add_wait(k, place, kind, addr);
	memcpy(k->s.waits.object[place].number, number, sizeof k->s.waits.object[place].number);
}

/* A list of the last one. */
#define PUT_LIST(k, list, ...)                                                                     \
	snapmem_set_wait_list(k, (k)->s.waits.n - 1, list, (const uint64_t[]){__VA_ARGS__},        \
		(int)(sizeof(uint64_t[]){__VA_ARGS__} / sizeof(uint64_t)))

/* A channel with two elements, a receiver and two senders; a mutex; a timer. */
static void put_some(struct snapmem *k)
{
	put_one(k, WAIT_CHAN, 0x100, (uint64_t[WAIT_NUMBERS]){8, 3, 2, 1});
	PUT_LIST(k, CHAN_RECEIVERS, 1);
	PUT_LIST(k, CHAN_SENDERS, 2, 3);
	PUT_LIST(k, CHAN_ELEMENTS, UINT64_MAX, 5);
	put_one(k, WAIT_MUTEX, 0x200, (uint64_t[WAIT_NUMBERS]){4, 0});
	PUT_LIST(k, MUTEX_WAITERS, 4, 5, 6);
	put_one(k, WAIT_TIMER, 0x200, (uint64_t[WAIT_NUMBERS]){1000, 7, 0, 0});
	PUT_LIST(k, TIMER_WAKES, 7);
}

static struct snapmem some(void)
{
	struct snapmem k;
	snapmem_init(&k, arch_by_name("amd64"));
	put_some(&k);
	assert_true(snap_is_sound(&k.s));
	return k;
}

/* ---- changes ---- */

/* Change one thing; false: that is all there are. What a difference says of it. */
static bool change(struct snapmem *k, int what, const char **said)
{
	struct waits *w = &k->s.waits;
	switch (what) {
	case 0: w->object[0].addr = 0x80, *said = "there is a chan at 0x80, where there was"; break;
	case 1:
		w->object[2].kind = WAIT_RWMUTEX, w->object[2].number[RWMUTEX_WRITING] = 0;
		*said = "there is a rwmutex at 0x200";
		break;
	case 2: w->object[0].number[CHAN_ELEMSIZE] = 4, *said = "elemsize of the chan"; break;
	case 3:
		w->object[0].number[CHAN_CLOSED] = 0, *said = " at 0x100 is 0x0, and was 0x1";
		break;
	case 4: w->object[2].number[TIMER_ARG] = 9, *said = "arg of the timer at 0x200"; break;
	case 5: w->entry[0] = 9, *said = "the receivers of the chan at 0x100 are others"; break;
	case 6: w->entry[2] = 9, *said = "the senders of the chan at 0x100 are others"; break;
	case 7: w->entry[8] = 9, *said = "the wakes of the timer at 0x200 are others"; break;
	case 8: w->entry[4] = 6, *said = "the elements of the chan at 0x100 are others"; break;
	/* From one list to the other. */
	case 9:
		w->object[0].n[0]++, w->object[0].n[1]--;
		*said = "the receivers of the chan";
		break;
	case 10: snapmem_drop_wait(k, 2), *said = "what Gs wait for is 2, and was 3"; break;
	case 11: snapmem_drop_wait(k, 0), *said = "there is a mutex at 0x200, where"; break;
	case 12: snapmem_add_wait(k, 1, WAIT_CHAN, 0x110), *said = "a chan at 0x110"; break;
	case 13:
		snapmem_set_wait_list(k, 0, CHAN_SENDERS, (uint64_t[]){2, 3, 8}, 3);
		*said = "the senders of the chan at 0x100 are others";
		break;
	default: return false;
	}
	return true;
}

/* It is said to be another. */
static void whatever_changes(void **state)
{
	(void)state;
	for (int what = 0;; what++) {
		struct snapmem was = some(), now = some();
		char words[160] = "";
		const char *said = "";
		bool more = change(&now, what, &said);
		assert_int_equal(snap_differs(&was.s, &now.s, words, sizeof words), more);
		if (!strstr(words, said))
			fail_msg("\"%s\" does not say \"%s\"", words, said);
		snapmem_free(&was), snapmem_free(&now);
		if (!more)
			break;
	}
}

static void assert_same(const struct snapshot *was, const struct snapshot *now)
{
	char words[160];
	if (snap_differs(was, now, words, sizeof words))
		fail_msg("%s", words);
}

/* The delta of each change leads there, and back; of what is the same it says nothing. */
static void in_the_delta(void **state)
{
	(void)state;
	for (int what = 0;; what++) {
		struct snapmem was = some(), now = some(), k = some();
		struct bytes b = {0};
		const char *said;
		bool more = change(&now, what, &said);
		delta_state(&b, &was.s, &now.s);
		assert_int_equal(b.n != 0, more);
		assert_true(delta_apply(&k, reader_of(b.p, b.n), DELTA_FORWARD));
		assert_same(&now.s, &k.s);
		assert_true(delta_apply(&k, reader_of(b.p, b.n), DELTA_BACK));
		assert_same(&was.s, &k.s);
		free(b.p);
		snapmem_free(&was), snapmem_free(&now), snapmem_free(&k);
		if (!more)
			break;
	}
}

static void lists(void **state)
{
	(void)state;
	struct snapmem k = some();
	const struct waits *w = &k.s.waits;
	assert_int_equal(wait_list(w, &w->object[0], CHAN_RECEIVERS)[0], 1);
	assert_int_equal(wait_list(w, &w->object[0], CHAN_SENDERS)[1], 3);
	assert_int_equal(wait_list(w, &w->object[0], CHAN_ELEMENTS)[1], 5);
	assert_int_equal(wait_list(w, &w->object[1], MUTEX_WAITERS)[2], 6);
	assert_int_equal(wait_list(w, &w->object[2], TIMER_WAKES)[0], 7);
	snapmem_free(&k);
}

/* ---- what cannot be ---- */

static bool damage(struct waits *w, int what)
{
	struct wait_object *o = w->object;
	switch (what) {
	case 0: o[0].kind = WAIT_KINDS; break;
	case 1: o[0].kind = (enum wait_kind) - 1; break;
	case 2: o[0].addr = 0x201; break; /* out of order */
	case 3: o[2].kind = WAIT_MUTEX; break;
	case 4: o[1].number[MUTEX_RELEASED + 1] = 1; break; /* it has no such number */
	case 5: o[0].number[CHAN_CLOSED] = 2; break;
	case 6: o[0].n[0] = -1, o[0].n[1] = 4; break;
	case 7: o[1].n[0] = 2, o[1].n[1] = 1; break; /* it has no such list */
	case 8: o[2].n[0] = 2; break;
	case 9: o[0].n[1] = 3; break;
	case 10: o[1].at = 2; break;
	case 11: w->nentries = 10; break;
	case 12: w->nentries = 8; break;
	case 13: w->n = -1; break;
	case 14: w->n = WAITS_MAX + 1; break;
	case 15: w->nentries = WAIT_ENTRIES_MAX + 1; break;
	case 16: w->nentries = -1; break;
	case 17: o[1].n[0] = WAIT_ENTRIES_MAX + 1; break;
	case 18: w->nentries = 10, o[2].n[0] = 2; break; /* it wakes one G, if any */
	case 19: o[2].addr = 0x100; break;               /* out of order */
	default: return false;
	}
	return true;
}

/* Of a channel's elements some are told, and not more. */
static void most_elements(void **state)
{
	(void)state;
	static const uint64_t many[CHAN_ELEMENTS_MAX + 1];
	struct snapmem k = some();
	snapmem_set_wait_list(&k, 0, CHAN_ELEMENTS, many, CHAN_ELEMENTS_MAX);
	assert_true(snap_is_sound(&k.s));
	snapmem_set_wait_list(&k, 0, CHAN_ELEMENTS, many, CHAN_ELEMENTS_MAX + 1);
	assert_false(snap_is_sound(&k.s));
	snapmem_free(&k);
}

static void soundness(void **state)
{
	(void)state;
	for (int what = 0;; what++) {
		struct snapmem k = some();
		int n = k.s.waits.n, nentries = k.s.waits.nentries;
		bool more = damage(&k.s.waits, what);
		if (snap_is_sound(&k.s) == more)
			fail_msg("damage %d is not seen", what);
		k.s.waits.n = n, k.s.waits.nentries = nentries;
		snapmem_free(&k);
		if (!more)
			break;
	}
}

/* ---- what comes from a file ---- */

/* Numbers of an item, as they are packed: 2 is 1, and 1 is -1, where they are signed. */
static bool applies(struct snapmem *k, char letter, const uint64_t *numbers, size_t n)
{
	struct bytes b = {0};
	put_u8(&b, (uint8_t)letter);
	put_uv(&b, n);
	for (size_t i = 0; i < n; i++)
		put_uv(&b, numbers[i]);
	bool ok = delta_apply(k, reader_of(b.p, b.n), DELTA_FORWARD);
	assert_true(snap_is_sound(&k->s));
	free(b.p);
	return ok;
}
#define APPLIES(letter, ...)                                                                       \
	applies(&k, letter, (const uint64_t[]){__VA_ARGS__},                                       \
		sizeof(uint64_t[]){__VA_ARGS__} / sizeof(uint64_t))

static void hostile(void **state)
{
	(void)state;
	struct snapmem k = some();
	assert_true(APPLIES('O', 2, WAIT_CHAN, 0x180, 7)); /* a later version says more */
	assert_false(APPLIES('O', 2, WAIT_CHAN, 0x180));   /* it is there */
	assert_false(APPLIES('O', 1, WAIT_CHAN, 0x100));   /* it is not empty */
	assert_false(APPLIES('O', 1, WAIT_MUTEX, 0x180));  /* it is not there */
	assert_false(APPLIES('O', 4, WAIT_CHAN, 0x188));   /* two at once */
	assert_false(APPLIES('O', 0, WAIT_CHAN, 0x180));
	assert_false(APPLIES('O', 2, WAIT_KINDS, 0x188));
	assert_false(APPLIES('O', 2, UINT64_MAX, 0x188));
	assert_false(APPLIES('O', 2, WAIT_CHAN));
	assert_true(APPLIES('V', 1, 1, 10));
	assert_int_equal(k.s.waits.object[1].number[CHAN_ELEMSIZE], 5);
	assert_false(APPLIES('O', 1, WAIT_CHAN, 0x180)); /* it has a number */
	assert_true(APPLIES('V', 1, 1, 9));
	assert_true(APPLIES('V', 1, 16, 2)); /* of a later version */
	assert_true(APPLIES('V', 1, 8, 2));
	assert_false(APPLIES('V', 1, 8, 2)); /* closed twice */
	assert_true(APPLIES('V', 1, 8, 1));
	assert_false(APPLIES('V', 2, 4, 2)); /* a mutex has no third number */
	assert_false(APPLIES('V', 4, 1, 2));
	assert_false(APPLIES('V', 1, 3, 2));
	assert_true(APPLIES('O', 1, WAIT_CHAN, 0x180));
	assert_true(APPLIES('L', 0, CHAN_SENDERS, 1, 4, 1, 18));
	assert_int_equal(wait_list(&k.s.waits, &k.s.waits.object[0], CHAN_SENDERS)[1], 9);
	assert_true(APPLIES('L', 0, WAIT_LISTS, 0, 0));             /* of a later version */
	assert_false(APPLIES('L', 0, CHAN_SENDERS, 3, 4, 4, 4, 0)); /* there are two */
	assert_false(APPLIES('L', 0, CHAN_SENDERS, 0, 2, 4));
	assert_false(APPLIES('L', 0, CHAN_SENDERS, UINT64_MAX, 4, 0));
	assert_false(APPLIES('L', 3, CHAN_SENDERS, 0, 1, 4));
	assert_false(APPLIES('L', 1, CHAN_SENDERS, 0, 1, 4)); /* of a mutex */
	assert_false(APPLIES('L', 2, TIMER_WAKES, 0, 1, 4));  /* a second */
	assert_false(APPLIES('L', 0));
	snapmem_free(&k);
}

/* More than anybody has, of each. */
static void too_many(void **state)
{
	(void)state;
	static uint64_t list[4 + WAIT_ENTRIES_MAX] = {1, MUTEX_WAITERS, 0};
	struct snapmem k = some();
	for (int i = 3; i < WAITS_MAX; i++)
		snapmem_add_wait(&k, i, WAIT_CHAN, 0x1000 + (uint64_t)i);
	assert_false(APPLIES('O', 2, WAIT_CHAN, 0x1000 + WAITS_MAX));
	list[3] = (uint64_t)(WAIT_ENTRIES_MAX - k.s.waits.nentries);
	assert_true(applies(&k, 'L', list, 4 + list[3]));
	assert_int_equal(k.s.waits.nentries, WAIT_ENTRIES_MAX);
	assert_false(APPLIES('L', 0, CHAN_RECEIVERS, 0, 1, 4));
	assert_true(APPLIES('L', 0, CHAN_RECEIVERS, 1, 2, 1, 4));
	list[0] = 0, list[1] = CHAN_ELEMENTS, list[3] = CHAN_ELEMENTS_MAX - 1;
	assert_false(applies(&k, 'L', list, 4 + list[3]));
	snapmem_free(&k);
}

/* Whatever is written over a delta, it leads to what is sound, there and back. */
static void any_bytes(void **state)
{
	(void)state;
	struct snapmem from = some();
	const struct snapshot nothing = {.arch = from.s.arch};
	struct bytes b = {0};
	delta_all(&b, &nothing, &from.s);
	for (size_t i = 0; i < b.n; i++)
		for (int byte = 0; byte < 256; byte++) {
			struct snapmem k;
			uint8_t was = b.p[i];
			snapmem_init(&k, from.s.arch);
			b.p[i] = (uint8_t)byte;
			delta_apply(&k, reader_of(b.p, b.n), DELTA_FORWARD);
			assert_true(snap_is_sound(&k.s));
			delta_apply(&k, reader_of(b.p, b.n), DELTA_BACK);
			assert_true(snap_is_sound(&k.s));
			b.p[i] = was;
			snapmem_free(&k);
		}
	free(b.p);
	snapmem_free(&from);
}

int test_waits(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_changes),
		cmocka_unit_test(in_the_delta),
		cmocka_unit_test(lists),
		cmocka_unit_test(soundness),
		cmocka_unit_test(most_elements),
		cmocka_unit_test(hostile),
		cmocka_unit_test(too_many),
		cmocka_unit_test(any_bytes),
	};
	return cmocka_run_group_tests_name("waits", tests, NULL, NULL);
}
