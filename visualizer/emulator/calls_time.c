/* SPDX-License-Identifier: MIT */
/* The clock, which counts instructions; sleep; and chance, which is none. */
#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "calls.h"
#include "cpu.h"
#include "sleep.h"

static const uint64_t SECOND = 1000000000;

/* Every clock is the same one; but of such a number there is none. */
static bool is_clock(uint64_t number)
{
	const int sgi = 10;
	return (int32_t)number <= CLOCK_TAI && (int32_t)number != sgi;
}

/* Nobody can sleep by it. */
static bool is_for_reading(uint64_t number)
{
	int32_t clock = (int32_t)number;
	return clock == CLOCK_THREAD_CPUTIME_ID || clock == CLOCK_MONOTONIC_RAW ||
	       clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
}

int64_t call_clock_gettime(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	if (!is_clock(args[0]))
		return -EINVAL;
	uint64_t now = guest_now(g), time[2] = {now / SECOND, now % SECOND};
	return cpu_write(g, args[1], time, sizeof time) ? 0 : -EFAULT;
}

/* What is left of an absolute time everybody knows: rest is nothing to it. */
static int64_t sleep_until(
	struct guest *g, struct guest_thread *t, uint64_t at, bool from_now, uint64_t rest)
{
	uint64_t when;
	int64_t error = sleep_time(g, at, from_now, &when);
	if (error)
		return error;
	t->rest = from_now ? rest : 0;
	return when <= guest_now(g) ? 0 : sleep_begin(g, t, IN_SLEEP, when);
}

int64_t call_nanosleep(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	return sleep_until(g, t, args[0], true, args[1]);
}

int64_t call_clock_nanosleep(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	if (!is_clock(args[0]))
		return -EINVAL;
	if (is_for_reading(args[0]))
		return -EOPNOTSUPP;
	return sleep_until(g, t, args[2], !(args[1] & TIMER_ABSTIME), args[3]);
}

/* The same numbers in each run; malloc's is that which it has on a real CPU. */
int64_t call_getrandom(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	static const char always[] = "always.";
	(void)t;
	uint64_t both = GRND_RANDOM | GRND_INSECURE;
	if (args[2] & ~(both | GRND_NONBLOCK) || (args[2] & both) == both)
		return -EINVAL;
	if (g->key && args[0] == g->key && args[1] == sizeof always)
		return cpu_write(g, args[0], always, sizeof always) ? (int64_t)args[1] : -EFAULT;
	for (uint64_t i = 0; i < args[1]; i++) {
		g->random = g->random * 6364136223846793005u + 1442695040888963407u;
		uint8_t byte = (uint8_t)(g->random >> 56);
		if (!cpu_write(g, args[0] + i, &byte, 1))
			return i ? (int64_t)i : -EFAULT;
	}
	return (int64_t)args[1];
}
