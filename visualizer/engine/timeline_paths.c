/* SPDX-License-Identifier: MIT */
/* The runs that a timeline keeps, as paths to go back to. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "timeline_parts.h"

int timeline_paths(const struct timeline *tl)
{
	return tl->runs.n;
}

/* The i-th by number, as the kept ones are in order of when they were looked at. */
static const struct kept_run *nth(const struct timeline *tl, int i)
{
	assert(i >= 0 && i < tl->runs.n);
	for (int k = 0; k < tl->runs.n; k++) {
		int before = 0;
		for (int j = 0; j < tl->runs.n; j++)
			before += tl->runs.at[j].number < tl->runs.at[k].number;
		if (before == i)
			return &tl->runs.at[k];
	}
	return NULL;
}

struct path_taken timeline_path(const struct timeline *tl, int i)
{
	const struct kept_run *kept = nth(tl, i);
	const struct recording *r = run_recording(kept->run), *shown = run_recording(run_of(tl));
	return (struct path_taken){.number = kept->number,
		.name = kept->name,
		.r = r,
		.parts = recording_common_schedule(r, shown),
		.shown = r == shown};
}

void timeline_go_to_path(struct timeline *tl, int i)
{
	const struct kept_run *kept = nth(tl, i);
	if (kept->run != run_of(tl))
		timeline_turn_to(tl, kept->run, kept->step);
}

bool timeline_path_beside(struct timeline *tl, int i)
{
	struct run *run = nth(tl, i)->run;
	if (run == run_of(tl))
		return false;
	tl->runs.beside = run;
	side_follow_anew(tl);
	return true;
}

void timeline_name_path(struct timeline *tl, const char *name)
{
	struct kept_run *shown = &tl->runs.at[0];
	snprintf(shown->name, sizeof shown->name, "%s", name);
}

const struct recording *timeline_twin(const struct timeline *tl)
{
	const struct recording *shown = run_recording(run_of(tl));
	for (int i = 1; i < tl->runs.n; i++) {
		const struct recording *r = run_recording(tl->runs.at[i].run);
		bool other = strcmp(run_policy(tl->runs.at[i].run), timeline_policy(tl)) != 0;
		if (other && recording_common_schedule(r, shown) == recording_last(shown))
			return r;
	}
	return NULL;
}

bool timeline_bookmark(struct timeline *tl, const char *note)
{
	return run_bookmark(run_of(tl), tl->step, note);
}
