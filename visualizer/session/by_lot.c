/* SPDX-License-Identifier: MIT */
/* Going on with all Ms, in turns drawn from a seed: the same seed goes the same way from there. */
#include "engine/drive.h"
#include "lesson/until.h"
#include "model/say.h"
#include "parts.h"

/* Why it goes no further, in err. */
static void reply_over(struct session *s, enum step_result result, const char *err)
{
	char who[SENTENCE_MAX];
	const char *how = NULL;
	if (recording_end(timeline_recording(s->tl), &how) != RUN_GOES_ON && how)
		session_reply(s, false, "%s", how);
	else if (result == STEP_NO_M)
		session_reply(s, false, "nobody can go on: %s",
			timeline_sleepers(s->tl, who, sizeof who));
	else
		session_reply(s, true, "%s", err);
}

void by_lot_run(struct session *s, bool until)
{
	struct lot lot = {.state = s->lot_seed};
	struct sight sight = {until_comes, s->until};
	int64_t from = timeline_step(s->tl);
	unsigned long long seed = s->lot_seed;
	char err[SENTENCE_MAX] = "";
	enum step_result result = STEP_DONE;
	bool found = false;
	s->scroll = 0;
	if (!timeline_is_live(s->tl)) {
		session_reply(s, true,
			"a recording cannot be run on; open the program itself, or its lesson");
		return;
	}
	while (!found && !step_is_ended(s)) {
		int m = lot_next(&lot, s->tl);
		result = m < 0 ? STEP_NO_M : timeline_forward(s->tl, m, err, sizeof err);
		if (result != STEP_DONE)
			break;
		found = until && timeline_is_at(s->tl, &sight);
	}
	if (result != STEP_DONE)
		reply_over(s, result, err);
	s->lot_seed++;
	say_more(s->message, sizeof s->message, "%s%lld steps by lot, from step %lld on, seed %llu",
		*s->message ? "; " : "", (long long)(timeline_step(s->tl) - from), (long long)from,
		seed);
}
