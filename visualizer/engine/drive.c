/* SPDX-License-Identifier: MIT */
#include "drive.h"
#include "model/say.h"

/*
 * A run of one M is at most this many steps: short enough that every switch is interleaved
 * somewhere.
 */
enum { RUN_MAX = 96 };

/* splitmix64: each call another 64 well-mixed bits. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static bool can_execute(const struct m_state *m)
{
	return m && !m->asleep && !m->exited;
}

static int count_awake(const struct snapshot *now)
{
	int can = 0;
	for (int i = 0; i < now->nms; i++)
		can += can_execute(&now->ms[i]);
	return can;
}

/* One of the Ms that can execute, by lot; -1 if none can. */
static int draw_m(const struct snapshot *now, uint64_t *state)
{
	int can = count_awake(now);
	if (!can)
		return -1;
	int nth = (int)(draw(state) % (uint64_t)can);
	for (int i = 0; i < now->nms; i++)
		if (can_execute(&now->ms[i]) && nth-- == 0)
			return now->ms[i].id;
	return -1;
}

/* Another turn, of an M that can execute now; false: none can. */
static bool draw_turn(struct lot *lot, const struct snapshot *now)
{
	lot->m = draw_m(now, &lot->state);
	if (lot->m >= 0)
		lot->left = 1 + (int64_t)(draw(&lot->state) % RUN_MAX);
	return lot->m >= 0;
}

/* Tell what will be drawn, unless an M falls asleep or wakes up: then it is told anew. */
static void expect(struct lot *lot, struct timeline *tl, const struct snapshot *now)
{
	struct turn turns[LOT_AHEAD];
	struct lot ahead = *lot;
	int awake = count_awake(now);
	if (lot->told > 0 && lot->awake == awake) {
		lot->told--;
		return;
	}
	for (size_t i = 0; i < LOT_AHEAD; i++) {
		turns[i] = (struct turn){.m = ahead.m, .n = ahead.left};
		draw_turn(&ahead, now);
	}
	timeline_expect(tl, turns, LOT_AHEAD);
	lot->told = LOT_AHEAD - 1;
	lot->awake = awake;
}

int lot_next(struct lot *lot, struct timeline *tl)
{
	const struct snapshot *now = timeline_now(tl);
	if (!lot->left || !can_execute(snap_m(now, lot->m))) {
		/* A turn that was cut short: not all comes as it was told. */
		if (lot->left)
			lot->told = 0;
		if (!draw_turn(lot, now))
			return timeline_await(tl);
		expect(lot, tl, now);
	}
	lot->left--;
	return lot->m;
}

int64_t drive(struct timeline *tl, uint64_t seed, int64_t limit)
{
	char err[SENTENCE_MAX];
	struct lot lot = {.state = seed};
	timeline_seek(tl, timeline_last(tl));
	while (timeline_last(tl) < limit) {
		int m = lot_next(&lot, tl);
		enum step_result result =
			m < 0 ? STEP_ENDED : timeline_forward(tl, m, err, sizeof err);
		if (result == STEP_ENDED || result == STEP_HALTED)
			break;
	}
	return timeline_last(tl);
}
