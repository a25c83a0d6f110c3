/* SPDX-License-Identifier: MIT */
/*
 * What programs do with what is theirs no more, or is not what they take it for: a channel that
 * they have freed, a timer that was never zeroed. Each ends with a sentence, as in misuse.c.
 */
#include <string.h>

#include "runtime.h"
#include "test.h"

static int v;

static void does_nothing(void *unused)
{
	(void)unused;
}

/* The only one of its size that is free, or the second. */

static struct chan *freed(bool second)
{
	struct chan *other = makechan(sizeof v, 1), *c = makechan(sizeof v, 1);

	chansend(c, &v);
	if (second)
		chanfree(other);
	chanfree(c);
	return c;
}

static void free_freed(void)
{
	chanfree(freed(true));
}

static void free_the_only_freed(void)
{
	chanfree(freed(false));
}

static void send_to_freed(void)
{
	chansend(freed(true), &v);
}

static void trysend_to_freed(void)
{
	chantrysend(freed(true), &v);
}

static void receive_from_freed(void)
{
	chanrecv(freed(true), &v);
}

static void select_receives_from_freed(void)
{
	struct scase cs = {.c = freed(true), .elem = &v};

	selectgo(&cs, 1, true);
}

static void close_freed(void)
{
	chanclose(freed(true));
}

/* Beside one that runs, in whose place it would be. */
static void timerstop_never_zeroed(void)
{
	static struct timer runs, t = {.place = 1};

	timerstart(&runs, INT64_MAX, does_nothing, NULL);
	timerstop(&t);
}

static void timerstop_of_what_is_anything(void)
{
	struct timer t;

	memset(&t, 0x55, sizeof t);
	timerstop(&t);
}

static void timerstart_never_zeroed(void)
{
	struct timer t;

	memset(&t, 0x55, sizeof t);
	timerstart(&t, 1, does_nothing, NULL);
}

/* clang-format off */
#define MISUSES(END) \
	END(timerstop_never_zeroed, "timerstop: it was not all zero when it was new") \
	END(timerstop_of_what_is_anything, "timerstop: it was not all zero when it was new") \
	END(timerstart_never_zeroed, "and has not gone off, or was not all zero when it was new") \
	END(free_freed, "chanfree: of a freed channel") \
	END(free_the_only_freed, "chanfree: of a freed channel") \
	END(send_to_freed, "chansend: on a freed channel") \
	END(trysend_to_freed, "chansend: on a freed channel") \
	END(receive_from_freed, "chanrecv: from a freed channel") \
	END(select_receives_from_freed, "chanrecv: from a freed channel") \
	END(close_freed, "chanclose: of a freed channel")
/* clang-format on */

#define AS_TEST(name, err) {#name, name, true, "1"},
const struct test misuse_late_ends[] = {MISUSES(AS_TEST){0}};

#define AS_ERR(name, err) err,
static const char *const errs[] = {MISUSES(AS_ERR)};

static void each_is_said(void)
{
	for (int i = 0; misuse_late_ends[i].name != NULL; i++) {
		struct ending e = run_end(misuse_late_ends[i].name, NULL);
		if (e.status != 2 || strstr(e.err, errs[i]) == NULL) {
			g0_printf(
				"# %s: status %d, %s\n", misuse_late_ends[i].name, e.status, e.err);
			CHECK(!"it ends as expected");
		}
	}
}

const struct test misuse_late_tests[] = {
	{"misuse: each that comes late is said", each_is_said, true, "1"},
	{0},
};
