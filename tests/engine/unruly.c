/* SPDX-License-Identifier: MIT */
/* Programs that do what a stepper may stumble over: tests/engine/programs/unruly.c. */
#include "engine_tests.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/sdt.h"

static const char *unruly(void)
{
	return built("tests/programs/unruly");
}

/* Drive the program, in a mode, to its end. */
static struct timeline *run(const char *mode, int64_t limit)
{
	struct timeline *tl = open_program(unruly(), mode, "clear");
	drive(tl, 1, limit);
	return tl;
}

/* How often a G called gosched, as far as the steps show it. */
static int switches(const struct timeline *tl)
{
	const struct recording *r = timeline_recording(tl);
	int n = 0;
	for (int64_t s = 1; s <= recording_last(r); s++) {
		const struct event *e = recording_event(r, s);
		n += e && e->id == event_by_name("gosched");
	}
	return n;
}

/* It ends, having said this, and so many switches on the way were steps. */
static void ends_after(int nswitches, const char *mode, const char *output, const char *how)
{
	const char *said;
	struct timeline *tl = run(mode, 60000);
	if (recording_end(timeline_recording(tl), &said) == RUN_GOES_ON)
		fail_msg("%s has not ended after %lld steps", mode, (long long)timeline_last(tl));
	if (!strstr(said, how))
		fail_msg("%s: \"%s\" does not say \"%s\"", mode, said, how);
	if (strcmp(output_of(tl), output) != 0)
		fail_msg("%s: the output is \"%s\"", mode, output_of(tl));
	if (switches(tl) != nswitches)
		fail_msg("%s: %d switches of %d", mode, switches(tl), nswitches);
	timeline_close(tl);
}

static void ends(const char *mode, const char *output, const char *how)
{
	ends_after(0, mode, output, how);
}

static void test_addresses(void **state)
{
	(void)state;
	ends("nowhere", "went on\n", "status 0");
}

int test_unruly(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
	};
	return cmocka_run_group_tests_name("unruly", tests, NULL, NULL);
}
