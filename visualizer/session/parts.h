/* SPDX-License-Identifier: MIT */
/*
 * What the files of a session share. Arrows point down: keys.c, typing.c, action.c, prompt.c,
 * then places.c, by_lot.c, files.c, travel.c, then step.c, then session.c, reply.c.
 */
#ifndef SESSION_PARTS_H
#define SESSION_PARTS_H

#include "session.h"

/* ---- step.c: one step, and who makes it ---- */

bool step_is_last(const struct session *s);
/* The M whose step is the next: as recorded, at the end the one looked at. -1: there is none. */
int step_next_m(struct session *s);
/* What m sleeps in has been said; and who could go on instead. */
void step_reply_asleep(struct session *s, int m, const char *why);
/*
 * One step: the recorded one, or at the end one of M m's. False: it has been said why not.
 */
bool step_forward(struct session *s, int m);
void step_seek(struct session *s, int64_t step);
/* The same of one that was asked for; if it is beyond the last, that is said. */
void step_go_to(struct session *s, int64_t step);
/* Whether the user has had enough of it; that has been said then. */
bool step_is_ended(struct session *s);

/* ---- travel.c: along the timeline, by grains ---- */

enum going {
	WAY_INSN,
	WAY_LINE,
	WAY_OVER,
	WAY_OUT,
	WAY_EVENT,
	WAY_STOP,
	WAY_CHAIN,
	WAY_VERDICT,
	WAY_FOREIGN,
	WAY_WORD,
	WAY_UNTIL,
	WAY_COUNT
};
/*
 * Forward to where it is so, in what is recorded, and beyond its end by executing; or back, where
 * that is the inverse of what was done before.
 */
void travel(struct session *s, enum going way, bool back);
/* To a stop, from 0; why not has been said. */
void travel_to_stop(struct session *s, int stop);
/* What is looked for by WAY_UNTIL, or an address by WAY_WORD. False: err says what is wrong. */
bool travel_set_until(struct session *s, const char *text, char *err, size_t nerr);

/* by_lot.c: all Ms in turns by lot, until what was typed is so, or until Escape, or the end. */
void by_lot_run(struct session *s, bool until);

/* ---- places.c: bookmarks, paths, and whatever else has a name to go to ---- */

void places_goto(struct session *s, const char *name);
void places_bookmark(struct session *s, const char *note);
void places_name(struct session *s, const char *name);

/* ---- files.c: what is shown, as a file ---- */

void files_save(struct session *s, const char *name);
void files_export(struct session *s, const char *words);

#endif
