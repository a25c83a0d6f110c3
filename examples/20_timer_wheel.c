/* SPDX-License-Identifier: MIT */
/*
 * timer_wheel - many alarms, and one G that sleeps for all of them. Two wheels of four slots: the
 * lower one turns by a slot a tick, the upper one by a slot each time that the lower one is round.
 * An alarm lies in the lower wheel if it is due in this round, else in the upper one, and comes
 * down when its slot does. So a tick costs the same however many alarms there are.
 *
 * Watch: G2 sleeps from tick to tick; its stack is nobody's then. Stepped, the last M to sleep
 * has the clock jump to the next tick.
 */
#include "g0.h"

enum { SLOTS = 4, LEVELS = 2, ALARMS = 4, TICK = 1000 * 1000 }; /* a tick is a millisecond */

struct alarm {
	int due; /* at this tick */
	const char *what;
	struct alarm *next;
};

static struct alarm alarms[ALARMS] = {
	{.due = 11, .what = "the bread"},
	{.due = 3, .what = "the tea"},
	{.due = 6, .what = "the eggs"},
	{.due = 8, .what = "the rice"},
};
static struct alarm *wheel[LEVELS][SLOTS];
static struct chan *rings;

static void set(struct alarm *a, int now)
{
	int level = 0, slot = a->due;

	for (int left = a->due - now; left >= SLOTS && level < LEVELS - 1; left /= SLOTS)
		level++, slot /= SLOTS;
	a->next = wheel[level][slot % SLOTS];
	wheel[level][slot % SLOTS] = a;
}

/* All that is in a slot. */
static struct alarm *take(int level, int slot)
{
	struct alarm *a = wheel[level][slot % SLOTS];

	wheel[level][slot % SLOTS] = NULL;
	return a;
}

/* Not from now on but from the start: ticks that come late do not make the later ones late. */
static void sleep_until(int64_t when)
{
	g0_sleep(when - g0_nanotime());
}

static void turn(void *unused)
{
	const int64_t start = g0_nanotime();
	struct alarm *a, *next;
	int rung = 0;

	(void)unused;
	for (int now = 1; rung < ALARMS; now++) {
		sleep_until(start + (int64_t)now * TICK);
		for (a = now % SLOTS == 0 ? take(1, now / SLOTS) : NULL; a != NULL; a = next) {
			next = a->next;
			set(a, now);
		}
		for (a = take(0, now); a != NULL; a = next, rung++) {
			next = a->next;
			chansend(rings, &a);
		}
	}
	chanclose(rings);
}

void go_main(void)
{
	struct alarm *a;

	rings = makechan(sizeof a, 0);
	for (int i = 0; i < ALARMS; i++)
		set(&alarms[i], 0);
	go(turn, NULL);
	while (chanrecv(rings, &a))
		g0_printf("tick %d: %s\n", a->due, a->what);
}
