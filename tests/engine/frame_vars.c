/* SPDX-License-Identifier: MIT */
/* What the variables of a program hold at a step of it, frame by frame. */
#include "engine_tests.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/frame_vars.h"

/* Of M0's frame of that function, "name = value, …"; "" if there is none. */
static const char *locals_of(struct timeline *tl, const char *function)
{
	static char words[1024];
	char value[256];
	struct truth t;
	struct var_seen seen[16];
	const struct snapshot *s = timeline_now(tl);
	const struct code *c = timeline_code(tl);
	truth(s, c, 0, &t);
	words[0] = '\0';
	for (int i = 0; i < t.n; i++) {
		const struct code_line *l =
			t.frame[i].is_ret ? code_ret(c, t.frame[i].pc) : code_at(c, t.frame[i].pc);
		struct frame_at at = {s, c, snap_m(s, 0), &t, i};
		if (!l || !l->sym || strcmp(l->sym, function) != 0)
			continue;
		size_t n = frame_vars(&at, seen, 16);
		for (size_t k = 0; k < n; k++) {
			frame_var_words(&at, seen[k].var, 4, value, sizeof value);
			snprintf(words + strlen(words), sizeof words - strlen(words), "%s%s = %s",
				k ? ", " : "", seen[k].var->name, value);
		}
		return words;
	}
	return words;
}

/* The innermost, its caller, and a caller of that. */
static void test_frames(void **state)
{
	(void)state;
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "clear");
	step_to(tl, 0, "worker");
	step_to(tl, 0, "stroke");
	assert_string_equal(locals_of(tl, "repaint"), "canvas = {1, 1, 1, 1, 2, 2, 2, 2}");
	assert_string_equal(locals_of(tl, "worker"), "arg = 0x0, ok = 1");
	assert_string_equal(locals_of(tl, "stroke"), "");
	step_to(tl, 0, "chansend");
	assert_string_equal(locals_of(tl, "worker"), "arg = 0x0, ok = 1");
	/* Of the runtime, which is optimised, at its first instruction: what it is given. */
	uint64_t c, elem;
	assert_int_equal(
		sscanf(locals_of(tl, "chansend"), "c = %" SCNx64 ", elem = %" SCNx64, &c, &elem),
		2);
	assert_true(snap_stack_at(timeline_now(tl), elem) >= 0); /* the address of ok */
	assert_int_equal(snap_stack_at(timeline_now(tl), c), -1);
	timeline_close(tl);
}

/* Back at an earlier step they are what they were then. */
static void test_back(void **state)
{
	(void)state;
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "clear");
	step_to(tl, 0, "repaint");
	int64_t before = timeline_step(tl);
	step_to(tl, 0, "stroke");
	timeline_seek(tl, before);
	assert_string_not_equal(locals_of(tl, "repaint"), "canvas = {1, 1, 1, 1, 2, 2, 2, 2}");
	assert_memory_equal(locals_of(tl, "repaint"), "canvas = ", 9);
	timeline_close(tl);
}

int test_frame_vars(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_back),
	};
	return cmocka_run_group_tests_name("frame_vars", tests, on_real, NULL);
}

int test_frame_vars_emulated(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_back),
	};
	return cmocka_run_group_tests_name("frame_vars emulated", tests, on_emulated, on_real);
}
