/* SPDX-License-Identifier: MIT */
/*
 * A program that damages the runtime's own structs (programs/damage.c): it is stepped to its end,
 * what is damaged is named, all else stays in the picture, and the recording is whole.
 */
#include "engine_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/recording.h"

/* Whether a snapshot says so. */
static bool says(const struct snapshot *s, const char *sentence)
{
	for (int i = 0; i < s->ndamage; i++)
		if (strstr(s->damage[i], sentence))
			return true;
	return false;
}

static int64_t size_of(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* The recording, saved and loaded, is the same at every step; and small. */
static void assert_kept(struct timeline *tl, const char *mode)
{
	enum { LARGE = 4 << 20 };
	char path[] = "/tmp/g0-damage-XXXXXX", err[1024] = "";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_true(recording_save(timeline_recording(tl), path, err, sizeof err));
	struct recording *r = recording_load(path, err, sizeof err);
	if (!r || *err)
		fail_msg("%s: %s", mode, err);
	assert_in_range(size_of(path), 1, LARGE);
	struct cursor *c = cursor_new(r);
	assert_int_equal(recording_last(r), timeline_last(tl));
	for (int64_t step = 0; step <= timeline_last(tl); step++) {
		timeline_seek(tl, step);
		const char *what = snapshots_differ(timeline_now(tl), cursor_seek(c, step));
		if (what)
			fail_msg("%s, step %lld: %s differ", mode, (long long)step, what);
	}
	cursor_free(c);
	recording_free(r);
	unlink(path);
}

/* Ask every M's chain at every step: whatever it leads to must be there. */
static void judge_all(struct timeline *tl)
{
	static struct answer a;
	for (int64_t step = 0; step <= timeline_last(tl); step++) {
		timeline_seek(tl, step);
		const struct snapshot *s = timeline_now(tl);
		assert_true(snap_is_sound(s));
		for (int i = 0; i < s->nms; i++)
			moment_judge(&(struct moment){timeline_recording(tl), s}, s->ms[i].id, &a);
		for (int i = 0; i < s->nstacks; i++) {
			char name[16];
			snap_stack_name(s, i, name);
			snap_owner(s, i);
		}
	}
}

/*
 * The M that is on a G's stack; NULL: none is in the picture. Not who made the last step: the
 * kernel ends one thread after another, and one that sleeps may wake for a step.
 */
static const struct m_state *on_g(const struct snapshot *s)
{
	for (int i = 0; i < s->nms; i++) {
		int stack = snap_stack_of_sp(s, m_sp(s, &s->ms[i]));
		if (stack >= 0 && s->stacks[stack].kind == STACK_G)
			return &s->ms[i];
	}
	return NULL;
}

static void damaged_in(const char *program, const char *mode, const char *sentence)
{
	const char *said;
	struct timeline *tl = open_program(program, mode, "clear");
	assert_int_equal(timeline_now(tl)->ndamage, 0);
	drive(tl, 0, 20000);
	if (recording_end(timeline_recording(tl), &said) != RUN_EXITED || !strstr(said, "status 7"))
		fail_msg("%s: %s", mode, said);
	timeline_seek(tl, timeline_last(tl));
	const struct snapshot *s = timeline_now(tl);
	if (!says(s, sentence))
		fail_msg("%s: \"%s\" is not said, but \"%s\"", mode, sentence,
			s->ndamage ? s->damage[0] : "");
	/* The G that runs is in the picture, and so are its stack and its M's. */
	const struct m_state *m = on_g(s);
	if (!m)
		fail_msg("%s: what runs is not in the picture", mode);
	assert_in_range(s->stacks[m->g0_stack].hi, 1, UINT64_MAX);
	judge_all(tl);
	assert_kept(tl, mode);
	timeline_close(tl);
}

static void damaged(const char *mode, const char *sentence)
{
	damaged_in(damage(), mode, sentence);
}

static void test_gs(void **state)
{
	(void)state;
	damaged("gs_again", "allgs[1] is G1 again (and many more)");
	damaged("gs_count", "allglen is 100000");
	damaged("gs_negative", "allglen is -1");
	damaged("gs_far", "allgs[0] cannot be read");
	damaged("gs_none", "allgs[0] is no G (and many more)");
	damaged("gs_turns", "allgs does not have G1");
	damaged("gs_fewer", "allgs does not have G1 (and many more)");
	damaged("g_goid", "G1 says that it is G-5");
	damaged("g_status", "G1's status is 77");
	damaged("g_m", "G1's m is no M");
}

static void test_stacks(void **state)
{
	(void)state;
	damaged("stack_moved", "G1 says that its stack is from");
	damaged("stack_upside_down", "can be none");
	damaged("stack_odd", "can be none");
	damaged("stack_large", "can be none");
	damaged("stack_far", "cannot be copied");
	damaged("stack_eight", "allgs does not have G1");
	damaged("stacks_overlap", "overlaps");
	damaged("stacks_huge", "cannot be copied");
	damaged("stacks_full", "cannot be copied");
	damaged("stack_shared", "is another's");
}

static void test_ms(void **state)
{
	(void)state;
	damaged("ms_cycle", "allm is a cycle at M0");
	damaged("ms_none", "allm does not have M0");
	damaged("ms_far", "allm cannot be read on after M0");
	damaged("m_id", "M0 says that it is M7");
	damaged("m_g0", "M0's g0 cannot be read");
	damaged("m_spinning", "M0 says that it is M8");
	damaged("m_curg", "M0's curg is no G");
	damaged("m_taken", "allm has an M that calls itself M1");
}

static void test_ps(void **state)
{
	(void)state;
	damaged("ps_again", "gomaxprocs is 5000");
	damaged("ps_again", "allp[1] is P0 again (and many more)");
	damaged("ps_far", "allp[0] cannot be read");
	damaged("p_ring", "P0's queue is from 0 to 1000");
	damaged("p_ring_far", "P0's queue holds what is no G");
	damaged("p_m", "P0's m is no M");
	damaged("queue_cycle", "the global run queue is a cycle at G1");
	damaged("queue_far", "the global run queue leads to what is no G");
	damaged("arena_next", "the arena's bounds are");
	damaged("arena_moved", "the arena's bounds are 0x400000000000 to 0x4000000000000000");
	damaged("arena_large", "the arena cannot be read up to 0x4000000000000000");
}

static void test_taken_away(void **state)
{
	(void)state;
	damaged("no_stack", "G2's stack cannot be read from 0x");
	damaged("no_own", "G1's stack cannot be read from 0x");
	damaged("no_top", "G1's stack cannot be read from 0x");
	damaged("no_g0", "M0.g0's stack cannot be read from 0x");
	damaged("no_g", "the struct of G1");
	damaged("no_arena", "the arena cannot be read from 0x");
	damaged("no_arena", "the struct of M0 cannot be read");
	damaged("no_arena", "the struct of P0 cannot be read");
	damaged("no_data", "sched cannot be read");
}

static void waits_damaged(const char *mode, const char *sentence)
{
	damaged_in(built("tests/programs/damage_waits"), mode, sentence);
}

static void test_waits_of_gs(void **state)
{
	(void)state;
	waits_damaged("wait_far", "the chan at 0x8 cannot be read");
	waits_damaged("select_far", "G2's select cannot be read");
	waits_damaged("select_many", "G2's select cannot be read");
	waits_damaged("select_elsewhere", "G2's select cannot be read");
	waits_damaged("select_no_chan", "the chan at 0x8 cannot be read");
	waits_damaged("queue_far", " has a queue that cannot be read");
	waits_damaged("queue_no_g", " is waited for by what is no G");
	waits_damaged("queue_of_another", " has a queue that cannot be read");
	waits_damaged("queue_cycle", " has a queue that is a cycle");
	waits_damaged("mutex_far", " is waited for by what is no G");
	waits_damaged("mutex_cycle", " has a queue that is a cycle");
	waits_damaged("elements_more", " has elements that cannot be read");
	waits_damaged("elements_beyond", " has elements that cannot be read");
	waits_damaged("elements_many", " has elements that cannot be read");
}

static void test_waits_for_time(void **state)
{
	(void)state;
	waits_damaged("timers_far", "place 0 of the heap of timers has none");
	waits_damaged("timers_none", "place 3 of the heap of timers has none");
	waits_damaged("timers_more", "4294967295 timers run");
	waits_damaged("timers_apart", "16385 timers run");
	struct timeline *tl =
		open_program(built("tests/programs/damage_waits"), "timers_apart", "clear");
	drive(tl, 0, 20000);
	timeline_seek(tl, timeline_last(tl));
	assert_int_equal(timeline_now(tl)->waits.n, 16384);
	timeline_close(tl);
	waits_damaged("timer_no_g", " is waited for by what is no G");
}

/* How many words are shown of the stack of the G that sleeps; none if it is not there yet. */
static uint64_t sleeper_words(const struct snapshot *s)
{
	const struct g_state *g = snap_g(s, 2);
	const struct stack_image *st = g ? &s->stacks[g->stack] : NULL;
	return st ? (st->hi - st->from) / 8 : 0;
}

/* A stack that is taken away is not shown, and is again as it was when it is back. */
static void test_comes_back(void **state)
{
	(void)state;
	struct timeline *tl = open_program(damage(), "stack_away", "clear");
	uint64_t before = 0, after = 0;
	int away = 0;
	drive(tl, 0, 20000);
	for (int64_t step = 0; step <= timeline_last(tl); step++) {
		timeline_seek(tl, step);
		const struct snapshot *s = timeline_now(tl);
		uint64_t words = sleeper_words(s);
		if (says(s, "G2's stack cannot be read from 0x")) {
			assert_int_equal(words, 0);
			away++;
		} else if (!away) {
			before = words;
		} else {
			assert_int_equal(s->ndamage, 0);
			/* Later it may go on there. */
			after = after ? after : words;
		}
	}
	assert_in_range(away, 1, 100);
	assert_in_range(before, 1, 1000);
	assert_int_equal(before, after);
	judge_all(tl);
	assert_kept(tl, "stack_away");
	timeline_close(tl);
}

static void not_damaged(struct timeline *tl, const char *program)
{
	for (int64_t step = 0; step <= timeline_last(tl); step++) {
		timeline_seek(tl, step);
		const struct snapshot *s = timeline_now(tl);
		if (s->ndamage)
			fail_msg("%s, step %lld: %s", program, (long long)step, s->damage[0]);
	}
}

/* Nothing is said of programs that keep to what is theirs, whatever step they are at. */
static void test_no_damage(void **state)
{
	(void)state;
	static const struct {
		const char *program;
		uint64_t seed;
		int64_t steps;
	} runs[] = {{"01_stale_link", 1, 4000}, {"04_steal", 2, 12000}, {"15_select", 3, 8000},
		{"20_timer_wheel", 4, 8000}};
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		struct timeline *tl = open_program(example(runs[i].program), NULL, "keep");
		drive(tl, runs[i].seed, runs[i].steps);
		not_damaged(tl, runs[i].program);
		timeline_close(tl);
	}
}

/*
 * An M that is lent to threads has one stack after the other for its g0; each of them is in the
 * picture, though it is a part of the last one's.
 */
static void test_lent(void **state)
{
	(void)state;
	struct timeline *tl = open_program(subject(), "lent", "clear");
	int found = 0;
	uint64_t last = 0;
	drive(tl, 1, 20000);
	assert_string_equal(output_of(tl), "lent\n");
	not_damaged(tl, "lent");
	for (int64_t step = 1; step <= timeline_last(tl); step++) {
		timeline_seek(tl, step);
		const struct snapshot *s = timeline_now(tl);
		const struct m_state *m = snap_m(s, recording_m(timeline_recording(tl), step));
		const struct stack_image *g0 = &s->stacks[m->g0_stack];
		bool here = strcmp(function_of(tl, m->id), "count") == 0;
		if (here && g0->lo != last && ++found)
			last = g0->lo;
	}
	assert_int_equal(found, 3);
	timeline_close(tl);
}

int test_damage(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gs),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_ms),
		cmocka_unit_test(test_ps),
		cmocka_unit_test(test_taken_away),
		cmocka_unit_test(test_waits_of_gs),
		cmocka_unit_test(test_waits_for_time),
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_no_damage),
		cmocka_unit_test(test_lent),
	};
	/* All but what takes mremap, which is not emulated. */
	const struct CMUnitTest emulated[] = {
		cmocka_unit_test(test_gs),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_ms),
		cmocka_unit_test(test_ps),
		cmocka_unit_test(test_taken_away),
		cmocka_unit_test(test_waits_of_gs),
		cmocka_unit_test(test_waits_for_time),
		cmocka_unit_test(test_no_damage),
		cmocka_unit_test(test_lent),
	};
	return cmocka_run_group_tests_name("damage", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("damage, emulated", emulated, on_emulated, on_real);
}
