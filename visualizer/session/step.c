/* SPDX-License-Identifier: MIT */
#include "model/say.h"
#include "parts.h"

bool step_is_last(const struct session *s)
{
	return timeline_step(s->tl) >= timeline_last(s->tl);
}

int step_next_m(struct session *s)
{
	if (!step_is_last(s))
		return recording_m(timeline_recording(s->tl), timeline_step(s->tl) + 1);
	return timeline_is_live(s->tl) ? session_m(s) : -1;
}

void step_reply_asleep(struct session *s, int m, const char *why)
{
	const struct snapshot *now = timeline_now(s->tl);
	bool other = false;
	for (int i = 0; i < now->nms; i++)
		other |= now->ms[i].id != m && !now->ms[i].asleep && !now->ms[i].exited;
	session_reply(s, true, "%s; %s", why,
		other ? "choose another M with m" : "nobody else can go on; try again later");
}

bool step_forward(struct session *s, int m)
{
	char err[SENTENCE_MAX] = "";
	const char *how = NULL;
	enum step_result r = timeline_forward(s->tl, step_is_last(s) ? m : -1, err, sizeof err);
	if (r == STEP_DONE)
		return true;
	if (r == STEP_ASLEEP)
		step_reply_asleep(s, m, err);
	else if (r == STEP_ENDED && timeline_is_live(s->tl) &&
		 recording_end(timeline_recording(s->tl), &how) != RUN_GOES_ON && how)
		session_reply(s, true, "%s", how);
	else
		session_reply(s, true, "%s", *err ? err : "there is no step after this one");
	return false;
}

void step_seek(struct session *s, int64_t step)
{
	timeline_seek(s->tl, step);
	s->scroll = 0;
}

void step_go_to(struct session *s, int64_t step)
{
	int64_t last = timeline_last(s->tl);
	step_seek(s, step);
	if (step > last)
		session_reply(s, false, "%lld is the last step recorded", (long long)last);
}

bool step_is_ended(struct session *s)
{
	bool ended = s->run.hurry && *s->run.hurry;
	if (ended)
		session_reply(
			s, true, "ended by Escape at step %lld", (long long)timeline_step(s->tl));
	return ended;
}
