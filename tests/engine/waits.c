/* SPDX-License-Identifier: MIT */
/* What Gs wait for, as it is read of programs/waiters.c; and of older programs. */
#include "engine_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/runtime_view.h"
#include "machine/emulated.h"

static const char *waiters(void)
{
	return built("tests/programs/waiters");
}

/* ---- exact contents ---- */

static size_t tell_number(char *to, size_t n, struct timeline *tl, const struct wait_words *of,
	int i, uint64_t number)
{
	const struct code_line *l =
		strcmp(of->number[i].name, "fn") == 0 ? code_at(timeline_code(tl), number) : NULL;
	if (number && l && l->sym)
		return (size_t)snprintf(to, n, " %s=%s", of->number[i].name, l->sym);
	return (size_t)snprintf(to, n, " %s=%lld", of->number[i].name, (long long)number);
}

/* One as "mutex users=3 released=0 waiters=2,3". */
static size_t tell_one(
	char *to, size_t n, struct timeline *tl, const struct waits *w, const struct wait_object *o)
{
	const struct wait_words *of = wait_words(o->kind);
	size_t used = (size_t)snprintf(to, n, "%s", of->name);
	for (int i = 0; i < WAIT_NUMBERS && of->number[i].name; i++)
		used += tell_number(to + used, n - used, tl, of, i, o->number[i]);
	for (int l = 0; l < WAIT_LISTS; l++)
		for (int i = 0; i < o->n[l]; i++)
			used += (size_t)snprintf(to + used, n - used, "%s%s%s%llu", i ? "" : " ",
				i ? "" : of->list[l].name, i ? "," : "=",
				(unsigned long long)wait_list(w, o, l)[i]);
	return used;
}

/* All there are, in static memory. */
static const char *told(struct timeline *tl)
{
	static char text[2048];
	const struct waits *w = &timeline_now(tl)->waits;
	size_t used = 0;
	*text = '\0';
	for (int i = 0; i < w->n; i++) {
		used += (size_t)snprintf(text + used, sizeof text - used, i ? "; " : "");
		used += tell_one(text + used, sizeof text - used, tl, w, &w->object[i]);
	}
	return text;
}

/* At each look of a mode this is what Gs wait for; "" at the last one. */
static void waits_are(const char *mode, const char *const *wanted)
{
	struct timeline *tl = open_on(1, waiters(), mode, "clear");
	for (int i = 0; wanted[i]; i++) {
		step_to(tl, 0, "look");
		if (strcmp(told(tl), wanted[i]) != 0)
			fail_msg("%s, look %d: \"%s\", and not \"%s\"", mode, i + 1, told(tl),
				wanted[i]);
		assert_true(snap_is_sound(timeline_now(tl)));
		assert_int_equal(timeline_now(tl)->ndamage, 0);
		while (strcmp(function_of(tl, 0), "look") == 0)
			step(tl, 0);
	}
	timeline_close(tl);
}
#define WAITS(mode, ...) waits_are(mode, (const char *const[]){__VA_ARGS__, NULL})

static void test_channels(void **state)
{
	(void)state;
	WAITS("channel", "chan elemsize=4 cap=2 len=2 closed=0 senders=2,3 elements=10,11",
		"chan elemsize=4 cap=2 len=2 closed=0 senders=3 elements=11,12",
		"chan elemsize=4 cap=2 len=0 closed=0 receivers=4", "");
	WAITS("elements", "chan elemsize=9 cap=1 len=0 closed=0 receivers=2", "");
}

/* Whoever has been taken on one channel waits on the other no more. */
static void test_selects(void **state)
{
	(void)state;
	WAITS("selects",
		"chan elemsize=4 cap=0 len=0 closed=0 receivers=2,3; "
		"chan elemsize=4 cap=0 len=0 closed=0 senders=2",
		"chan elemsize=4 cap=0 len=0 closed=0 receivers=3",
		"chan elemsize=4 cap=0 len=0 closed=0 receivers=3", "");
}

static void test_locks(void **state)
{
	(void)state;
	WAITS("mutexes", "mutex users=3 released=0 waiters=2,3",
		"mutex users=2 released=0 waiters=3", "");
	WAITS("rwmutexes", "rwmutex reading=1 writing=0 writers=2",
		"rwmutex reading=1 writing=0 readers=3,4 writers=2",
		"rwmutex reading=0 writing=1 readers=3,4", "");
	WAITS("waitgroups", "waitgroup n=2 waiters=2,3", "waitgroup n=1 waiters=2,3", "");
}

static void test_timers(void **state)
{
	(void)state;
	WAITS("timers",
		"timer when=700 seq=3 fn=tick arg=5; timer when=800 seq=2 fn=tick arg=0; "
		"timer when=1000 seq=0 fn=0 arg=0 wakes=2; timer when=500 seq=1 fn=0 arg=0 wakes=3",
		"timer when=700 seq=3 fn=tick arg=5; "
		"timer when=1000 seq=0 fn=0 arg=0 wakes=2; timer when=500 seq=1 fn=0 arg=0 wakes=3",
		"timer when=700 seq=3 fn=tick arg=5; timer when=1000 seq=0 fn=0 arg=0 wakes=2", "");
}

/* In between, while the heap is rearranged, all that run are there. */
static void test_timer_stopped(void **state)
{
	(void)state;
	struct timeline *tl = open_on(1, waiters(), "timers", "clear");
	step_to(tl, 0, "look");
	step_to(tl, 0, "timerstop");
	for (int i = 0; strcmp(function_of(tl, 0), "look") != 0; i++) {
		assert_in_range(i, 0, 1000);
		assert_int_equal(timeline_now(tl)->ndamage, 0);
		assert_non_null(strstr(told(tl), "when=700 seq=3 fn=tick"));
		assert_non_null(strstr(told(tl), "when=500 seq=1 fn=0 arg=0 wakes=3"));
		assert_non_null(strstr(told(tl), "when=1000 seq=0 fn=0 arg=0 wakes=2"));
		step(tl, 0);
	}
	timeline_close(tl);
}

/* ---- kept up to date ---- */

/* Read of the program by somebody who sees it for the first time. */
static bool same_anew(struct stepper *st, const struct program *p)
{
	char err[SENTENCE_MAX] = "";
	const struct snapshot *s = stepper_state(st);
	struct memory mem = {.machine = stepper_machine(st)};
	struct runtime_view *rv = runtime_view_new(p, s->arch, err, sizeof err);
	if (!rv || !runtime_view_begin(rv, &mem, err, sizeof err))
		fail_msg("%s", err);
	for (int i = 0; i < s->nms; i++)
		runtime_view_arrived(rv, s->ms[i].id);
	runtime_view_read(rv);
	const struct snapshot anew = {.waits = runtime_view_snapshot(rv)->waits};
	bool same = !snap_differs(&anew, &(struct snapshot){.waits = s->waits}, err, sizeof err);
	runtime_view_free(rv);
	memory_free(&mem);
	return same;
}

/* Copies that only waits needed are given back. */
static void test_given_back(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "", mode[] = "mutexes", *args[] = {mode, NULL};
	struct program *p = program_open(waiters(), err, sizeof err);
	struct stepper *st = open_stepper(waiters(), args, 1, false);
	struct memory mem = {.machine = stepper_machine(st)};
	struct runtime_view *rv = runtime_view_new(p, stepper_state(st)->arch, err, sizeof err);
	const struct waits *w = &runtime_view_snapshot(rv)->waits;
	uint64_t mutex = 0;
	assert_true(runtime_view_begin(rv, &mem, err, sizeof err));
	runtime_view_arrived(rv, 0);
	while (w->n > 0 || !mutex) {
		struct step out;
		assert_int_equal(stepper_step(st, 0, &out), STEP_DONE);
		memory_begin(&mem);
		memory_touched_all(&mem, 0, true);
		runtime_view_read(rv);
		mutex = w->n > 0 ? w->object[0].addr : mutex;
		assert_int_equal(memory_region(&mem, mutex) != NULL, w->n > 0);
	}
	runtime_view_free(rv);
	memory_free(&mem);
	close_stepper(st);
	program_close(p);
}

/* A copy that waits need is in the way of no stack. */
static void test_gives_way(void **state)
{
	(void)state;
	struct timeline *tl = open_program(waiters(), "thread", "clear");
	bool waited = false;
	drive(tl, 1, 20000);
	for (int64_t step = 0; step <= timeline_last(tl); step++) {
		timeline_seek(tl, step);
		if (timeline_now(tl)->ndamage)
			fail_msg("step %lld: %s", (long long)step, timeline_now(tl)->damage[0]);
		for (int m = 0; m < timeline_now(tl)->nms; m++) {
			bool looks = strcmp(function_of(tl, m), "look") == 0;
			waited |= looks && strcmp(told(tl), "waitgroup n=1 waiters=2") == 0;
		}
	}
	assert_true(waited);
	assert_string_equal(told(tl), "");
	assert_int_equal(recording_end(timeline_recording(tl), NULL), RUN_EXITED);
	timeline_close(tl);
}

/* How many steps had somebody wait. */
static int kept_up(const char *path, char *mode, uint64_t seed, int steps, bool by_emulator)
{
	char err[SENTENCE_MAX] = "", *args[] = {mode, NULL};
	struct program *p = program_open(path, err, sizeof err);
	struct stepper *st = open_stepper(path, args, 2, by_emulator);
	struct step out;
	int waited = 0;
	for (int i = 0, m = 0, left = 0; i < steps; i++, left--) {
		if (left <= 0) {
			m = (int)(draw(&seed) % (uint64_t)stepper_state(st)->nms);
			left = (int)(draw(&seed) % 200);
		}
		enum step_result result = stepper_step(st, m, &out);
		left = result == STEP_DONE ? left : 0;
		if (result == STEP_ENDED || stepper_machine(st)->ending.how != GOES_ON)
			break;
		waited += stepper_state(st)->waits.n > 0;
		if (i % 2 && !same_anew(st, p))
			fail_msg("%s %s, step %lld: it would be read in another way", path,
				mode ? mode : "", (long long)stepper_state(st)->step);
	}
	close_stepper(st);
	program_close(p);
	return waited;
}

/* At each step, or every second, it is as if all had been read anew, though little is. */
static void test_kept_up(void **state)
{
	static char modes[][16] = {
		"channel", "selects", "mutexes", "rwmutexes", "waitgroups", "timers"};
	char err[SENTENCE_MAX];
	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		assert_in_range(kept_up(waiters(), modes[i], i, 8000, false), 1000, 8000);
	assert_in_range(kept_up(example("10_sieve"), NULL, 1, 8000, false), 1000, 8000);
	if (!emulated_is_there(err, sizeof err))
		skip();
	assert_in_range(kept_up(waiters(), modes[1], 1, 8000, true), 1000, 8000);
	assert_in_range(kept_up(example("20_timer_wheel"), NULL, 2, 8000, true), 1000, 8000);
}

/* ---- older programs ---- */

static char text[8 << 20];
static size_t ntext;

static void write_text(const char *path)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, ntext, f), ntext);
	fclose(f);
	assert_int_equal(chmod(path, 0755), 0);
}

static void read_text(void)
{
	FILE *f = fopen(waiters(), "r");
	assert_non_null(f);
	ntext = fread(text, 1, sizeof text, f);
	fclose(f);
	assert_in_range(ntext, 1, sizeof text - 1);
}

/* Where the layout note has something of that name, from `from` on. */
static char *named(char *from, const char *name)
{
	char *at = memmem(from, (size_t)(text + ntext - from), name, strlen(name) + 1);
	assert_non_null(at);
	return at;
}

/* The name of the entry behind that of this name. */
static char *next_name(char *name)
{
	enum { HEAD = 16 };
	size_t n = strlen(name) + 1;
	return name + ((n + 3) & ~(size_t)3) + HEAD;
}

/* Nothing of waits is read of that program, and all else is. */
static void assert_no_waits(const char *path)
{
	write_text(path);
	struct timeline *tl = open_program(path, "mutexes", "clear");
	step_to(tl, 0, "look");
	assert_string_equal(told(tl), "");
	assert_int_equal(timeline_now(tl)->gs[1].status, GS_WAITING);
	assert_string_equal(timeline_now(tl)->gs[1].waitreason, "mutex lock");
	assert_int_equal(timeline_now(tl)->ndamage, 0);
	timeline_close(tl);
}

/* One that tells nothing of them; one that does not tell all; and one that tells less than ever. */
static void test_older(void **state)
{
	char path[] = "/tmp/g0-older-XXXXXX", err[SENTENCE_MAX] = "";
	int fd = mkstemp(path);
	(void)state;
	assert_true(fd >= 0);
	close(fd);
	read_text();
	char *note = named(text, "G.sched.sp"), *name = named(note, "chan");
	*named(note, "G.waitlock") = '?';
	assert_no_waits(path);
	for (; strcmp(name, "Gidle") != 0; name = next_name(name))
		*name = '?';
	*named(name, "timerheap") = '?';
	assert_no_waits(path);
	*named(note, "G.waitreason") = '?';
	write_text(path);
	assert_null(timeline_open(&(struct run_options){.program = path}, err, sizeof err));
	assert_non_null(strstr(err, "does not tell of its runtime's G.waitreason"));
	unlink(path);
}

int test_waits(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_selects),
		cmocka_unit_test(test_locks),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_timer_stopped),
		cmocka_unit_test(test_given_back),
		cmocka_unit_test(test_gives_way),
		cmocka_unit_test(test_kept_up),
		cmocka_unit_test(test_older),
	};
	const struct CMUnitTest emulated[] = {
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_selects),
		cmocka_unit_test(test_locks),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_timer_stopped),
		cmocka_unit_test(test_gives_way),
	};
	return cmocka_run_group_tests_name("waits", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("waits, emulated", emulated, on_emulated, on_real);
}
