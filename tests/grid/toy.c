/* SPDX-License-Identifier: MIT */
/* A scene of a run on a machine that is no process: tests/toy.h. */
#include "grid_tests.h"

#include "engine/stepper.h"
#include "toy.h"

/* A recording of these Ms' steps. */
static struct session *toy_session(const int *ms, int n)
{
	char err[1024] = "";
	struct image *image = toy_image();
	struct stepper *st = stepper_on(toy_machine(image), image, err, sizeof err);
	struct recording_info info = {"toy", "keep", TOY_THREADS, 0, "", 0, false, 0, "", 0};
	if (!st)
		fail_msg("%s", err);
	snprintf(info.arch, sizeof info.arch, "%s", stepper_state(st)->arch->name);
	struct recording *r = recording_new(&info, stepper_state(st), stepper_code(st));
	for (int i = 0; i < n; i++) {
		struct step out;
		assert_int_equal(stepper_step(st, ms[i], &out), STEP_DONE);
		recording_add(r, &out);
	}
	stepper_close(st);
	return session_new(timeline_replay(r), NULL);
}

static void shows(const struct grid *g, const char *words)
{
	for (size_t i = 0; i < g->n; i++)
		if (strstr(g->draws[i].text, words))
			return;
	fail_msg("nothing drawn says \"%s\"", words);
}

/* Both Ms, the G and its stack, the words that were written, where M0 stands and what happened. */
static void test_scene(void **state)
{
	(void)state;
	static const int ms[] = {0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1};
	struct grid g = {0};
	struct session *s = toy_session(ms, sizeof ms / sizeof *ms);
	timeline_seek(s->tl, timeline_last(s->tl));
	assert_int_equal(timeline_last(s->tl), 11);
	s->focus_m = 0;
	show(&g, s, 118, 38);
	shows(&g, "M0");
	shows(&g, "M1");
	shows(&g, "G1");
	shows(&g, "0x000000000000000b");
	shows(&g, "M1 is awake again");
	timeline_seek(s->tl, 2);
	show(&g, s, 118, 38);
	shows(&g, "M0 is about to resume G1");
	grid_free(&g);
	session_close(s);
}

int test_toy(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scene),
	};
	return cmocka_run_group_tests_name("toy", tests, NULL, NULL);
}
