/* SPDX-License-Identifier: MIT */
/* Side 1 of a timeline: a run that goes along with the cursor as far as one schedule leads both. */
#include <assert.h>

#include "timeline_parts.h"

/* Whether side 1 has gone the same way, and is only not as far. */
static bool is_behind(const struct timeline *tl)
{
	const struct recording *on = run_recording(run_of(tl));
	const struct recording *beside = run_recording(tl->runs.beside);
	int64_t last = recording_last(beside);
	return tl->step > last && recording_common_schedule(on, beside) == last;
}

/* It was taken along, with that result. */
void side_came(struct timeline *tl, enum step_result result, const char *why)
{
	tl->came = result;
	say(tl->stays, sizeof tl->stays, "%s", result == STEP_DONE ? "" : why);
}

/* Whether it is to be tried to take side 1 on. A halt is over when somebody asks again. */
static bool can_follow(const struct timeline *tl)
{
	struct run *beside = tl->runs.beside;
	if (tl->came != STEP_ASLEEP)
		return tl->came == STEP_DONE || tl->came == STEP_HALTED;
	return run_is_awake(beside, recording_m(run_recording(run_of(tl)), run_last(beside) + 1));
}

/* Where it stands: it may have come further. */
void side_stand(struct timeline *tl)
{
	if (tl->runs.beside)
		tl->beside = recording_beside(
			run_recording(tl->runs.beside), run_recording(run_of(tl)), tl->step);
}

/* Take side 1 along to where the cursor is. */
void side_follow(struct timeline *tl)
{
	struct run *on = run_of(tl), *beside = tl->runs.beside;
	if (!beside)
		return;
	if (is_behind(tl) && can_follow(tl)) {
		char why[SENTENCE_MAX] = "";
		enum step_result result = run_along(beside, on, tl->step, why, sizeof why);
		side_came(tl, result, why);
	}
	side_stand(tl);
}

/* The sides are others than they were. */
void side_follow_anew(struct timeline *tl)
{
	side_came(tl, STEP_DONE, "");
	side_follow(tl);
}

int timeline_sides(const struct timeline *tl)
{
	return tl->runs.beside ? SIDES : 1;
}

struct moment timeline_side(struct timeline *tl, int side)
{
	assert(side >= 0 && side < timeline_sides(tl));
	struct run *run = side ? tl->runs.beside : run_of(tl);
	return (struct moment){run_recording(run), run_at(run, side ? tl->beside : tl->step)};
}

const char *timeline_stays(const struct timeline *tl)
{
	return timeline_sides(tl) == SIDES && is_behind(tl) ? tl->stays : "";
}

void timeline_difference(const struct timeline *tl, struct parting *p)
{
	assert(timeline_sides(tl) == SIDES);
	parting_find(p, run_recording(tl->runs.beside), run_recording(run_of(tl)));
}

void timeline_close_beside(struct timeline *tl)
{
	runs_close_beside(&tl->runs);
}
