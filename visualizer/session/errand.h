/* SPDX-License-Identifier: MIT */
/*
 * What a user wants, done by the session's worker: a view begins it, goes on with its own, and sees
 * that it is done (worker.h). Keys that come meanwhile are no queue: they end it, or are lost.
 */
#ifndef SESSION_ERRAND_H
#define SESSION_ERRAND_H

#include "session.h"
#include "worker.h"

/* When a view shows that something takes long, and how often it does so anew. */
enum { ERRAND_SHORT_MS = 40, ERRAND_TICK_MS = 100 };

struct errand {
	struct session *session;
	struct worker *worker; /* which has opened it */
	char key[32];
	struct act act;
};

/* session_key and session_act, begun. */
void errand_key(struct errand *e, const char *key);
void errand_act(struct errand *e, struct act act);

/* A key meanwhile: whether it ends what is under way (Escape), or g0scope too, as QUIT does. */
enum key_meanwhile { MEANWHILE_NOTHING, MEANWHILE_STOP, MEANWHILE_QUIT };
enum key_meanwhile errand_key_meanwhile(struct errand *e, const char *key);
/* What is to be said meanwhile. Returns buf. */
char *errand_words(const struct errand *e, char *buf, size_t n);

#endif
